/// Draws the report's line charts with Chart.js: how numbers are written, how axes look, which
/// lines.
'use strict';

const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const runColour = (index) => colourOf(`--run-${index % 6}`);

function digits(value, significant) {
  return Number(value.toPrecision(significant)).toLocaleString('en', {maximumFractionDigits: 6});
}

const write = {
  count: (v) => Math.round(v).toLocaleString('en'),
  bytes: (v) => {
    const unit = Math.min(5, Math.max(0, Math.floor(Math.log10(Math.max(1, v)) / 3)));
    return `${digits(v / 1000 ** unit, 3)} ${['B', 'kB', 'MB', 'GB', 'TB', 'PB'][unit]}`;
  },
  seconds: (v) => {
    if (v === 0) return '0 s';
    if (v < 1) return `${digits(v * 1000, 3)} ms`;
    if (v < 60) return `${digits(v, 3)} s`;
    if (v < 3600) return `${Math.floor(v / 60)} min ${Math.round(v % 60)} s`;
    return `${Math.floor(v / 3600)} h ${Math.round((v % 3600) / 60)} min`;
  },
  value: (v) => (v !== 0 && Math.abs(v) < 1e-3 ? v.toExponential(2) : digits(v, 4)),
  percent: (v) => `${(v * 100).toFixed(1)} %`,
  ratio: (v) => `${v.toFixed(1)}\u00d7`,
};

/// What the switch offers: the column of a round or of an evaluation that is the horizontal axis.
const axes = {
  steps: {key: 'step', title: 'local steps per device', write: write.count},
  seconds: {key: 'seconds', title: 'seconds', write: (v) => digits(v, 3)},
  bytes: {key: 'sent_bytes', title: 'bytes sent by this device', write: write.bytes, log: true},
};

/// Ticks of a logarithmic axis at 1, 2 and 5 times a power of ten, or at powers of ten when many.
function readableLogTicks(axis) {
  const decades = Math.log10(axis.max / axis.min);
  const wanted = decades > 3 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 3, 5, 7];
  const lead = (v) => v / 10 ** Math.floor(Math.log10(v) + 1e-9);
  axis.ticks = axis.ticks.filter((t) => wanted.some((w) => Math.abs(lead(t.value) - w) < 1e-6));
}

function powersOfTwo(axis) {
  const ticks = [];
  for (let v = 1; v <= axis.max; v *= 2) ticks.push({value: v});
  while (ticks.length > 8) ticks.splice(0, ticks.length, ...ticks.filter((_, i) => i % 2 === 0));
  axis.ticks = ticks;
}

function axisOptions(title, format, more = {}) {
  const {ticks, ...rest} = more;
  return {
    type: 'linear',
    grid: {color: colourOf('--grid'), drawTicks: false, drawBorder: false},
    title: {display: Boolean(title), text: title, color: colourOf('--quiet')},
    ticks: {
      color: colourOf('--quiet'),
      padding: 8,
      maxRotation: 0,
      maxTicksLimit: 7,
      callback: (v) => format(v),
      ...ticks
    },
    ...rest,
  };
}

function line(run, points, more = {}) {
  return {
    label: run.name,
    data: points,
    borderColor: runColour(run.index),
    backgroundColor: runColour(run.index),
    borderWidth: 2,
    pointRadius: points.length < 30 ? 2.5 : 0,
    pointHitRadius: 8,
    pointHoverRadius: 4,
    clip: 6,
    ...more,
  };
}

const kSmoothFrom = 20;  // with fewer rounds every one can be seen

const drawn = new Map();

/// Replaces the chart on a canvas. `lines` are Chart.js data sets, x and y what axisOptions gives.
function draw(id, lines, x, y, format, footer) {
  drawn.get(id)?.destroy();
  const tooltip = {
    mode: 'nearest',
    axis: 'x',
    intersect: false,
    filter: (item) => !item.dataset.silent,
    backgroundColor: colourOf('--card'),
    titleColor: colourOf('--quiet'),
    bodyColor: colourOf('--ink'),
    footerColor: colourOf('--quiet'),
    borderColor: colourOf('--line'),
    borderWidth: 1,
    padding: 10,
    boxPadding: 4,
    footerFont: {weight: 'normal'},
    callbacks: {
      title: (items) => (items.length ? `${format.x(items[0].parsed.x)} ${format.unit}` : ''),
      label: (item) => ` ${item.dataset.label}: ${format.y(item.parsed.y)}`,
      footer: footer || (() => ''),
    },
  };
  drawn.set(id, new Chart(document.getElementById(id), {
              type: 'line',
              data: {datasets: lines},
              options: {
                animation: false,
                parsing: false,
                normalized: true,
                responsive: true,
                maintainAspectRatio: false,
                interaction: {mode: 'nearest', axis: 'x', intersect: false},
                plugins: {legend: {display: false}, tooltip},
                scales: {x, y},
              },
            }));
}

/// A chart with the axis the switch has chosen.
function drawAgainst(id, axis, lines, y, format) {
  const smallest = Math.min(...lines.flatMap((l) => (l.data.length ? [l.data[0].x] : [])));
  const scale = axis.log ? {
    type: 'logarithmic',
    min: smallest,
    afterBuildTicks: readableLogTicks,
    ticks: {autoSkip: true, maxTicksLimit: 8}
  } :
                           {beginAtZero: true};
  const largest = Math.max(...lines.flatMap((l) => (l.data.length ? [last(l.data).x] : [])));
  const x = axisOptions(axis.title, axis.write, {...scale, max: largest});
  draw(id, lines, x, axisOptions('', format, y), {
    x: axis.write,
    y: format,
    unit: axis.key === 'step'  ? 'steps' :
        axis.key === 'seconds' ? 's' :
                                 'sent'
  });
}

const pointsOf = (xs, ys) =>
    xs.map((x, i) => ({x, y: ys[i]})).filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y));

/// Faint: every round. Bold: the mean over about a fortieth of the run.
function lossLines(run, axis) {
  const {rounds} = run;
  const xs = rounds[axis.key];
  if (rounds.round.length < kSmoothFrom) return [line(run, pointsOf(xs, rounds.loss))];
  const mean = smooth(rounds, rounds.loss, last(rounds.step) / 40);
  const faint = {
    borderWidth: 1,
    borderColor: `${runColour(run.index)}40`,
    pointRadius: 0,
    pointHitRadius: 0,
    pointHoverRadius: 0,
    silent: true,
    order: 2
  };
  return [
    line(run, thin(pointsOf(xs, mean)), {order: 1}),
    line(run, thin(pointsOf(xs, rounds.loss)), faint)
  ];
}

function evalLine(run, axis, key) {
  const usable =
      run.evals.filter((e) => typeof e[key] === 'number' && (!axis.log || e[axis.key] > 0));
  return line(run, thin(pointsOf(usable.map((e) => e[axis.key]), usable.map((e) => e[key]))));
}

/// The three charts that follow the switch.
function drawCurves(runs, axis) {
  drawAgainst('training-loss', axis, runs.flatMap((run) => lossLines(run, axis)), {}, write.value);
  // Runs of classes have an accuracy, runs of values an R2; nobody compares the two.
  const classes = runs.some((run) => run.result.accuracy !== undefined);
  drawAgainst(
      'accuracy', axis,
      runs.map((run) => evalLine(run, axis, classes ? 'test_accuracy' : 'test_r2')), {},
      classes ? write.percent : write.value);
  drawAgainst(
      'objective', axis, runs.map((run) => evalLine(run, axis, 'objective')), {}, write.value);
}

function drawLocalSteps(runs) {
  const lines = runs.map((run) => {
    const {step, h, reason} = run.rounds;
    const points = step.map((x, i) => ({x, y: h[i], reason: reason[i]}));
    if (points.length) points.unshift({x: Math.max(0, step[0] - h[0]), y: h[0]});
    const corners = points.filter(
        (p, i) => i === 0 || i === points.length - 1 || p.y !== points[i + 1].y ||
            p.y !== points[i - 1].y);
    return line(run, thin(corners), {stepped: 'after', pointRadius: 0});
  });
  const most = Math.max(
      1, ...runs.flatMap((run) => run.rounds.h.slice(-1)),
      ...lines.flatMap((l) => l.data.map((p) => p.y)));
  const y = most >= 16 ? {
    type: 'logarithmic',
    min: 0.8,
    max: most * 1.3,
    afterBuildTicks: powersOfTwo,
    ticks: {autoSkip: false}
  } :
                         {min: 0, suggestedMax: most + 1, ticks: {precision: 0}};
  draw(
      'local-steps', lines,
      axisOptions(
          '', write.count, {beginAtZero: true, max: Math.max(1, ...runs.map((r) => r.steps))}),
      axisOptions('', write.count, y),
      {x: write.count, y: (v) => `H = ${write.count(v)}`, unit: 'steps'},
      (items) => items.map((item) => clean(item.raw.reason || '', 80)).filter(Boolean));
}

function drawBytes(runs) {
  const baseline = runs.map(
      (run) => line(
          {name: 'with H = 1', index: run.index},
          thin(pointsOf(run.rounds.step, run.rounds.baseline_bytes)), {
            borderDash: [5, 5],
            borderWidth: 1.5,
            borderColor: colourOf('--quiet'),
            backgroundColor: colourOf('--quiet'),
            pointRadius: 0,
            order: 2
          }));
  const sent = runs.map(
      (run) => line(
          run, thin(pointsOf(run.rounds.step, run.rounds.model_bytes)),
          {pointRadius: 0, order: 1}));
  // Runs of the same length over the same ring share one dashed line; a run with H = 1 is its own.
  const alike = (a, b) => a.data.length && last(a.data).x === last(b.data).x &&
      Math.abs(last(a.data).y / last(b.data).y - 1) < 0.01;
  const distinct = baseline.filter(
      (b, i) =>
          b.data.length && ![...sent, ...baseline.slice(0, i)].some((other) => alike(other, b)));
  byId('sent-note').textContent =
      `against steps${distinct.length ? '; dashed: what H = 1 would have sent' : ''}`;
  draw(
      'sent', [...sent, ...distinct],
      axisOptions(
          '', write.count, {beginAtZero: true, max: Math.max(1, ...runs.map((r) => r.steps))}),
      axisOptions('', write.bytes, {beginAtZero: true}),
      {x: write.count, y: write.bytes, unit: 'steps'});
}
