/// Reads the text of the runs' files and works out what the report shows. Draws nothing.
'use strict';

const kMostPoints = 2000;  // per line: more than any screen has columns

/// Rows of RFC 4180 text as arrays of strings.
function parseCsv(text) {
  const rows = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (!line.includes('"')) {
      rows.push(line.split(','));
      continue;
    }
    const fields = line.match(/(?:"(?:[^"]|"")*"|[^,]*)(?:,|$)/g).slice(0, -1);
    rows.push(fields.map((f) => f.replace(/,$/, '').replace(/^"|"$/g, '').replace(/""/g, '"')));
  }
  return rows;
}

/// Column name -> array. All but the last two columns are numbers; what is missing becomes NaN.
function parseRounds(text) {
  const rows = parseCsv(text);
  const names = rows.length ? rows[0] : [];
  const columns = {};
  names.forEach((name, at) => {
    const isText = name === 'model_hash' || name === 'reason';
    columns[name] = rows.slice(1)
                        .filter((row) => row.length === names.length)
                        .map(
                            (row) =>
                                (isText             ? row[at] :
                                     row[at] === '' ? NaN :
                                                      Number(row[at])));
  });
  return columns;
}

/// Events of log.jsonl. A line that was cut when the power went is passed over.
function parseLog(text) {
  const events = [];
  for (const line of text.split('\n')) {
    try {
      const event = JSON.parse(line);
      if (event && typeof event === 'object') events.push(event);
    } catch {
      continue;
    }
  }
  return events;
}

const last = (values) => values[values.length - 1];
const known = (...values) => values.find((v) => typeof v === 'number' && Number.isFinite(v));

/// Names come from folders and from the network: short, and without control characters.
function clean(text, longest = 40) {
  const shown = Array.from(String(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u00b7'));
  return shown.length > longest ? shown.slice(0, longest - 1).join('') + '\u2026' : shown.join('');
}

/// Seconds of each phase over the whole run. Where rows were thinned a row stands for all rounds
/// since the row before it.
function phaseSeconds(rounds, seconds) {
  const sums = {compute: 0, wait: 0, average: 0};
  for (let i = 0; i < rounds.round.length; ++i) {
    const stands_for = rounds.round[i] - (i ? rounds.round[i - 1] : 0);
    for (const phase of Object.keys(sums))
      sums[phase] += (rounds[`${phase}_s`][i] || 0) * stands_for;
  }
  const spent = sums.compute + sums.wait + sums.average;
  return {...sums, other: Math.max(0, (seconds || 0) - spent)};
}

/// A run that went on from a checkpoint did what came after it once more.
function evaluations(events) {
  let evals = [];
  for (const event of events) {
    if (event.ev === 'start' && event.resumed)
      evals = evals.filter((e) => e.round <= event.resumed);
    if (event.ev === 'eval') evals.push(event);
  }
  return evals;
}

function readRun(raw, index) {
  const rounds = parseRounds(raw.rounds);
  for (const name
           of ['round', 'step', 'h', 'loss', 'seconds', 'compute_s', 'wait_s', 'average_s',
               'model_bytes', 'sent_bytes', 'baseline_bytes', 'reason'])
    rounds[name] ??= [];
  const events = parseLog(raw.log);
  const of = (kind) => events.filter((e) => e.ev === kind);
  const start = of('start')[0] || {};
  const stop = last(of('stop')) || {};
  const evals = evaluations(events);
  const end = last(evals) || {};
  const optimum = last(of('optimum')) || {};
  const f_star = known(stop.f_star, optimum.f_star);
  const steps = known(stop.steps, last(rounds.step), 0);
  const seconds = known(stop.virtual_seconds, stop.seconds, last(rounds.seconds));
  return {
    name: clean(raw.name),
    index,
    rounds,
    start,
    stop,
    evals,
    lost: of('lost'),
    resumed: of('start').filter((e) => e.resumed),
    config: raw.config,
    devices: Array.isArray(start.devices) ? start.devices.map(String) : [],
    steps,
    result: {
      devices: Array.isArray(start.devices) ? start.devices.length : undefined,
      steps,
      trained: start.model &&
          `${clean(start.model)}, ${write.count(start.dimension || 0)} parameters`,
      rows: start.rows || undefined,
      clock: start.clock && clean(start.clock),
      rounds: known(stop.rounds, last(rounds.round), 0),
      sent: known(stop.sent_bytes_per_device, last(rounds.sent_bytes)),
      model: known(stop.sent_model_bytes_per_device, last(rounds.model_bytes)),
      saved: (last(rounds.baseline_bytes) || 0) / (last(rounds.model_bytes) || 1),
      seconds,
      loss: known(stop.objective, end.objective, last(rounds.loss)),
      gap: known(stop.gap, f_star === undefined ? undefined : stop.objective - f_star),
      accuracy: known(stop.test_accuracy, end.test_accuracy),
      auc: known(stop.test_auc, end.test_auc),
      r2: known(stop.test_r2, end.test_r2),
    },
    phases: phaseSeconds(rounds, last(rounds.seconds)),
  };
}

/// All runs of the page, with names that differ.
function readRuns(raw) {
  const runs = raw.map(readRun);
  for (const run of runs) {
    const same = runs.filter((other) => other.name === run.name);
    if (same.length > 1)
      same.forEach((other, n) => {
        other.name += ` (${n + 1})`;
      });
  }
  return runs;
}

/// The mean over a window of steps around each round, weighted by the steps of each round. The
/// window shrinks towards the start, where the loss falls steeply, and is cut off at the end.
function smooth(rounds, values, window) {
  const {step, h} = rounds;
  const sums = [0];
  const weights = [0];
  values.forEach((v, i) => {
    const ok = Number.isFinite(v);
    sums.push(sums[i] + (ok ? v * h[i] : 0));
    weights.push(weights[i] + (ok ? h[i] : 0));
  });
  let from = 0;
  let to = 0;
  return values.map((v, i) => {
    const reach = Math.min(window / 2, step[i] - step[0]);
    while (step[from] < step[i] - reach) ++from;
    to = Math.max(to, i + 1);
    while (to < step.length && step[to] <= step[i] + reach) ++to;
    const weight = weights[to] - weights[from];
    return weight > 0 ? (sums[to] - sums[from]) / weight : v;
  });
}

/// At most kMostPoints of {x, y}: of every bucket the lowest and the highest, so that spikes stay.
function thin(points) {
  if (points.length <= kMostPoints) return points;
  const size = Math.ceil(points.length / (kMostPoints / 2 - 1));
  const kept = [points[0]];
  for (let at = 1; at < points.length - 1; at += size) {
    const bucket = points.slice(at, Math.min(at + size, points.length - 1));
    const low = bucket.reduce((a, b) => (b.y < a.y ? b : a));
    const high = bucket.reduce((a, b) => (b.y > a.y ? b : a));
    kept.push(...(low === high ? [low] : low.x < high.x ? [low, high] : [high, low]));
  }
  kept.push(last(points));
  return kept;
}
