/// Fills the report's page. Text from runs goes into the page as textContent only.
'use strict';

/// How b compares with a, where less is better: "19.5x fewer".
function less(a, b, fewer, more) {
  if (!(a > 0) || !(b > 0)) return '';
  const factor = Math.max(a / b, b / a);
  return factor < 1.05 ? 'the same' : `${write.ratio(factor)} ${b < a ? fewer : more}`;
}

function points(a, b) {
  const difference = (b - a) * 100;
  if (!Number.isFinite(difference)) return '';
  if (Math.abs(difference) < 0.05) return 'the same';
  return `${difference < 0 ? '\u2212' : '+'}${Math.abs(difference).toFixed(1)} points`;
}

/// Shown where runs differ in them; what all share is in the heading.
const unlikeRows = [
  ['devices', 'devices', write.count, () => ''],
  ['steps per device', 'steps', write.count, (a, b) => less(a, b, 'fewer', 'more')],
  ['model', 'trained', String, () => ''],
  ['rows', 'rows', write.count, () => ''],
  ['clock', 'clock', String, () => ''],
];

const summaryRows = [
  ['rounds', 'rounds', write.count, (a, b) => less(a, b, 'fewer', 'more')],
  ['sent per device', 'sent', write.bytes, (a, b) => less(a, b, 'less', 'more')],
  ['time', 'seconds', write.seconds, (a, b) => less(a, b, 'faster', 'slower')],
  [
    'final loss', 'loss', write.value,
    (a, b) =>
        (Number.isFinite(b - a) ? `${b < a ? '\u2212' : '+'}${write.value(Math.abs(b - a))}` : '')
  ],
  ['test accuracy', 'accuracy', write.percent, points],
  ['test AUC', 'auc', write.value, () => ''],
  ['test R\u00b2', 'r2', write.value, () => ''],
];

/// Two runs get a column of differences; of more runs each is compared with the first in its cell.
function fillSummary(runs) {
  const head = element('thead');
  const names = head.appendChild(element('tr'));
  names.append(element('th', '', ''));
  for (const run of runs) {
    const cell = names.appendChild(element('th'));
    cell.append(key(run.name, runVariable(run)));
  }
  if (runs.length === 2) names.append(element('th', 'quiet difference', 'difference'));
  const body = element('tbody');
  const unlike = unlikeRows.filter(
      ([, member]) => runs.some((run) => run.result[member] !== runs[0].result[member]));
  for (const [label, member, format, compare] of [...unlike, ...summaryRows]) {
    if (!runs.some((run) => run.result[member] !== undefined)) continue;
    const row = body.appendChild(element('tr'));
    row.append(element('th', '', label));
    runs.forEach((run, i) => {
      const value = run.result[member];
      const cell =
          row.appendChild(element('td', '', value === undefined ? '\u2013' : format(value)));
      if (i === 0) return;
      const words = value === undefined ? '' : compare(runs[0].result[member], value);
      if (runs.length === 2)
        row.append(element('td', 'difference', words));
      else if (words)
        cell.append(element('small', '', words));
    });
  }
  byId('summary').append(head, body);
}

function tile(figure, unit, words) {
  const node = element('div', 'card tile');
  const top = node.appendChild(element('div', 'figure', figure));
  if (unit) top.append(element('small', '', ` ${unit}`));
  node.append(element('div', 'quiet', words));
  byId('tiles').append(node);
}

/// One run is measured against what H = 1 would have sent; of two the second against the first.
function fillTiles(runs) {
  const {result} = last(runs);
  if (runs.length === 1) {
    if (result.saved >= 1.05)
      tile(write.ratio(result.saved), 'less', 'model sent than by mini-batch SGD (H = 1)');
    if (result.sent !== undefined)
      tile(
          write.bytes(result.sent), '',
          `sent per device, ${write.bytes(result.model || 0)} of it the model`);
    tile(
        write.count(result.rounds), 'rounds',
        `for ${plural(runs[0].steps, 'step')} on every device`);
    if (result.seconds !== undefined)
      tile(
          write.seconds(result.seconds), '',
          runs[0].start.clock === 'virtual' ? 'of virtual time' :
                                              'from the first step to the last');
    if (result.loss !== undefined) tile(write.value(result.loss), '', 'final loss');
    if (result.gap !== undefined)
      tile(write.value(result.gap), '', 'above the least value f*');
    if (result.accuracy !== undefined) tile(write.percent(result.accuracy), '', 'test accuracy');
    if (result.r2 !== undefined) tile(write.value(result.r2), '', 'test R\u00b2');
  } else if (runs.length === 2) {
    const first = runs[0].result;
    const parts = (words) => (words === 'the same' ? ['same'] : words.split(' '));
    const ratio = (member, fewer, more) =>
        parts(less(first[member], result[member], fewer, more));
    const add = ([figure, ...unit], words) => {
      if (figure) tile(figure, unit.join(' '), words);
    };
    add(ratio('sent', 'fewer bytes', 'more bytes'),
        `${write.bytes(result.sent || 0)} instead of ${write.bytes(first.sent || 0)} per device`);
    add(ratio('rounds', 'fewer rounds', 'more rounds'),
        `${write.count(result.rounds)} instead of ${write.count(first.rounds)}`);
    add(ratio('seconds', 'faster', 'slower'),
        `${write.seconds(result.seconds || 0)} instead of ${write.seconds(first.seconds || 0)}`);
    const change = points(first.accuracy, result.accuracy);
    if (change)
      add(parts(change),
          `test accuracy ${write.percent(result.accuracy)} instead of ${
              write.percent(first.accuracy)}`);
  }
  const n = byId('tiles').children.length;
  byId('tiles').style.setProperty('--columns', n % 3 === 0 ? 3 : n > 5 ? 4 : n);
  byId('tiles').hidden = n === 0;
}

/// What `of` gives for all runs alike, else nothing.
function shared(runs, of) {
  const first = of(runs[0]);
  return runs.every((run) => of(run) === first) ? first : undefined;
}

function fillHeader(runs) {
  byId('title').textContent =
      runs.length === 1 ? `annulet: ${runs[0].name}` : `annulet: ${runs.length} runs compared`;
  document.title = byId('title').textContent;
  const facts = [];
  const devices = shared(runs, (run) => run.result.devices);
  if (devices) facts.push(plural(devices, 'device'));
  const model = shared(runs, (run) => run.result.trained);
  if (model) facts.push(model);
  const rows = shared(runs, (run) => run.result.rows);
  if (rows) facts.push(`${write.count(rows)} rows`);
  const steps = shared(runs, (run) => run.result.steps);
  if (steps !== undefined) facts.push(`${plural(steps, 'step')} per device`);
  const clock = shared(runs, (run) => run.result.clock);
  if (clock === 'virtual') facts.push('virtual time');
  const begun = shared(runs, ({start}) => start.t && clean(start.t).slice(0, 16));
  if (begun && clock === 'real') facts.push(begun.replace('T', ' ') + ' UTC');
  byId('subtitle').textContent = facts.join(' \u00b7 ');
}

function drawAll(runs, axis) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  drawCurves(runs, axis);
  drawLocalSteps(runs);
  drawBytes(runs);
}

/// The choice of the horizontal axis; report.html#bytes opens with that one.
function makeSwitch(runs) {
  const wanted = location.hash.slice(1);
  let chosen = Object.hasOwn(axes, wanted) ? wanted : 'steps';
  const buttons = Object.keys(axes).map((name) => {
    const button = byId('switch').appendChild(element('button', '', name));
    button.setAttribute('aria-pressed', String(name === chosen));
    button.addEventListener('click', () => {
      chosen = name;
      buttons.forEach((b) => b.setAttribute('aria-pressed', String(b === button)));
      drawCurves(runs, axes[chosen]);
    });
    return button;
  });
  drawAll(runs, axes[chosen]);
  matchMedia('(prefers-color-scheme: dark)')
      .addEventListener('change', () => drawAll(runs, axes[chosen]));
}

function show(runs) {
  byId('report').hidden = false;
  fillHeader(runs);
  fillTiles(runs);
  if (runs.length > 1) fillSummary(runs);
  byId('summary').parentElement.hidden = runs.length === 1;
  fillAblation(JSON.parse(byId('variants').textContent));
  for (const run of runs) byId('legend').append(key(run.name, runVariable(run)));
  // One evaluation at the end is a figure, not a curve: the tiles and the table have it.
  const has = (member) =>
      runs.some((run) => run.evals.filter((e) => typeof e[member] === 'number').length > 1);
  const hasScore = has('test_accuracy') || has('test_r2');
  byId('accuracy-card').hidden = !hasScore;
  byId('accuracy-title').textContent = has('test_accuracy') ? 'Test accuracy' : 'Test R\u00b2';
  byId('accuracy').setAttribute('aria-label', byId('accuracy-title').textContent);
  byId('objective-card').hidden = !has('objective');
  byId('objective-card').classList.toggle('wide', !hasScore);
  byId('loss-note').textContent = runs.some((run) => run.rounds.round.length >= kSmoothFrom) ?
      'mean over the devices; faint: every round, bold: smoothed' :
      'mean over the devices, every round';
  makeSwitch(runs);
  fillPhases(runs);
  fillRings(runs);
  fillEvents(runs);
  for (const run of runs) {
    const details = byId('configs').appendChild(element('details'));
    details.append(element('summary', '', run.name), element('pre', '', run.config));
  }
}

const runs = readRuns(JSON.parse(byId('runs').textContent));
if (runs.some((run) => run.rounds.round.length)) {
  show(runs);
} else {
  byId('trouble').hidden = false;
  byId('trouble').textContent = 'No round was finished in this run, so there is nothing to draw.';
}
