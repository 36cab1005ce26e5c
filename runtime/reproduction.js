/// Draws the figures of a reproduction. Lines differ by marker and dash, not by colour alone, so
/// that a grey print can be read.
'use strict';

const byId = (id) => document.getElementById(id);
const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function number(v) {
  if (v !== 0 && (Math.abs(v) < 1e-3 || Math.abs(v) >= 1e7)) return v.toExponential(1);
  if (Math.abs(v) >= 100) return Math.round(v).toLocaleString('en');
  return Number(v.toPrecision(3)).toLocaleString('en', {maximumFractionDigits: 4});
}

const markers = ['circle', 'triangle', 'rect', 'rectRot', 'star', 'crossRot'];

const isFaint = (line) => line.name === 'ideal' || line.name.includes('/ W');
const lookOf = (line, index) => (line.look === undefined ? index : line.look);

function styleOf(line, index) {
  const look = lookOf(line, index);
  const colour = isFaint(line) ? colourOf('--quiet') : colourOf(`--run-${look % 6}`);
  return {
    borderColor: colour,
    backgroundColor: line.dashed ? colourOf('--card') : colour,
    borderDash: line.dashed ? [6, 4] : [],
    borderWidth: isFaint(line) ? 1.5 : 2,
    pointStyle: markers[look % 6],
    pointRadius: isFaint(line) ? 0 : line.points.length > 20 ? 2 : 4.5,
    pointBorderWidth: 1.5,
    pointHoverRadius: 6,
    pointHitRadius: 8,
    clip: 8,
  };
}

/// What a legend shows of each marker, around the middle (17, 7).
const markerShapes = [
  'M 17 3 A 4 4 0 1 1 17 11 A 4 4 0 1 1 17 3 Z',
  'M 17 2.5 L 21 10 L 13 10 Z',
  'M 13.5 3.5 H 20.5 V 10.5 H 13.5 Z',
  'M 17 2.5 L 21.5 7 L 17 11.5 L 12.5 7 Z',
  'M 17 2.5 V 11.5 M 12.5 7 H 21.5 M 14 4 L 20 10 M 20 4 L 14 10',
  'M 13.5 3.5 L 20.5 10.5 M 20.5 3.5 L 13.5 10.5',
];

function drawing(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/// The lines with their dashes and markers.
function legendOf(figure) {
  const legend = element('div', 'legend');
  figure.lines.forEach((line, i) => {
    const look = lookOf(line, i) % 6;
    const colour = isFaint(line) ? 'var(--quiet)' : `var(--run-${look})`;
    const svg = drawing('svg', {width: 34, height: 14, 'aria-hidden': true});
    svg.append(drawing('line', {
      x1: 0,
      y1: 7,
      x2: 34,
      y2: 7,
      stroke: colour,
      'stroke-width': 2,
      'stroke-dasharray': line.dashed ? '6 4' : 'none',
    }));
    if (!isFaint(line)) {
      const fill = line.dashed ? 'var(--card)' : colour;
      svg.append(
          drawing('path', {d: markerShapes[look], stroke: colour, 'stroke-width': 1.5, fill}));
    }
    const entry = legend.appendChild(element('span', 'entry'));
    entry.append(svg, line.name);
  });
  return legend;
}

/// Notes beside points.
const labels = {
  id: 'labels',
  afterDatasetsDraw(chart) {
    const {ctx, scales} = chart;
    chart.data.datasets.forEach((set) => {
      if (!set.labelled) return;
      ctx.save();
      ctx.fillStyle = colourOf('--ink');
      ctx.font = '11px sans-serif';
      ctx.textAlign = set.borderDash.length ? 'right' : 'left';
      const aside = set.borderDash.length ? -8 : 8;
      for (const p of set.data) {
        const x = scales.x.getPixelForValue(p.x) + aside;
        const y = scales.y.getPixelForValue(p.y) + (aside < 0 ? 12 : -7);
        ctx.fillText((p.note || '').split(',')[0], x, y);
      }
      ctx.restore();
    });
  },
};

/// A deviation either way, as a bar through the point.
const whiskers = {
  id: 'whiskers',
  beforeDatasetsDraw(chart) {
    const {ctx, scales} = chart;
    chart.data.datasets.forEach((set, i) => {
      if (!chart.isDatasetVisible(i)) return;
      ctx.save();
      ctx.strokeStyle = set.borderColor;
      ctx.lineWidth = 1.2;
      for (const p of set.data) {
        if (p.low === undefined || p.high === undefined || p.low === p.high) continue;
        const x = scales.x.getPixelForValue(p.x);
        const [low, high] = [p.low, p.high].map((v) => scales.y.getPixelForValue(v));
        ctx.beginPath();
        ctx.moveTo(x, low);
        ctx.lineTo(x, high);
        for (const y of [low, high]) {
          ctx.moveTo(x - 3, y);
          ctx.lineTo(x + 3, y);
        }
        ctx.stroke();
      }
      ctx.restore();
    });
  },
};

function powersOfTwo(axis) {
  const ticks = [];
  const first = Math.ceil(Math.log2(axis.min) - 1e-9);
  const end = Math.floor(Math.log2(axis.max) + 1e-9);
  const step = Math.max(1, Math.ceil((end - first) / 9));
  for (let p = first; p <= end; p += step) ticks.push({value: 2 ** p});
  axis.ticks = ticks;
}

function decades(axis) {
  const span = Math.log10(axis.max / axis.min);
  const wanted = span > 4 ? [1] : span > 1.5 ? [1, 3] : [1, 2, 3, 5, 7];
  const every = span > 8 ? 2 : 1;
  const ticks = [];
  for (let p = Math.floor(Math.log10(axis.min)); p <= Math.log10(axis.max); ++p) {
    if (p % every) continue;
    for (const lead of wanted) {
      const value = lead * 10 ** p;
      if (value >= axis.min * 0.999 && value <= axis.max * 1.001) ticks.push({value});
    }
  }
  axis.ticks = ticks;
}

function axisOf(axis, values) {
  const usable = values.filter((v) => v > 0);
  const two = axis.scale === 'log2';
  const room = 1.15;
  const options = {
    type: axis.scale === 'linear' ? 'linear' : 'logarithmic',
    grid: {color: colourOf('--grid'), drawTicks: false},
    title: {display: true, text: axis.title, color: colourOf('--quiet')},
    ticks: {color: colourOf('--quiet'), padding: 8, maxRotation: 0, callback: number},
  };
  if (options.type === 'linear' || usable.length === 0) return options;
  options.min = Math.min(...usable) / room;
  options.max = Math.max(...usable) * room;
  options.afterBuildTicks = two ? powersOfTwo : decades;
  return options;
}

function draw(canvas, figure) {
  const xs = figure.lines.flatMap((l) => l.points.map((p) => p.x));
  const ys = figure.lines.flatMap((l) => l.points.flatMap((p) => [p.y, p.low, p.high]));
  const sets = figure.lines.map((line, i) => ({
                                  label: line.name,
                                  data: line.points,
                                  labelled: line.labelled,
                                  ...styleOf(line, i),
                                }));
  return new Chart(canvas, {
    type: 'line',
    data: {datasets: sets},
    plugins: [whiskers, labels],
    options: {
      animation: false,
      parsing: false,
      responsive: true,
      maintainAspectRatio: false,
      layout: {padding: {right: figure.lines.some((l) => l.labelled) ? 36 : 6}},
      interaction: {mode: 'nearest', intersect: false},
      plugins: {
        legend: {display: false},
        tooltip: {
          callbacks: {
            title: (items) => `${figure.x.title}: ${number(items[0].parsed.x)}`,
            label: (item) => `${item.dataset.label}: ${number(item.parsed.y)}`,
            footer: (items) => items.map((item) => item.raw.note).filter(Boolean),
          },
        },
      },
      scales: {x: axisOf(figure.x, xs), y: axisOf(figure.y, ys.filter((v) => v !== undefined))},
    },
  });
}

function fillTable(csv) {
  const rows = csv.trim().split('\n').map((row) => row.match(/("[^"]*"|[^,]*)(,|$)/g)
      .map((f) => f.replace(/,$/, '').replace(/"/g, '')));
  const head = element('thead').appendChild(element('tr'));
  const names = ['', 'best step', 'seeds', 'T', 'rounds'];
  for (const name of names) head.append(element('th', '', name));
  const body = element('tbody');
  const spread = (mean, deviation) =>
      mean === '' || mean === undefined ? '\u2013' :
                                          `${number(+mean)} \u00b1 ${number(+deviation)}`;
  for (const [cell, step, seeds, steps, stepsBy, rounds, roundsBy] of rows.slice(1)) {
    const row = body.appendChild(element('tr'));
    row.append(element('th', '', cell), element('td', '', step), element('td', '', seeds));
    row.append(element('td', '', spread(steps, stepsBy)));
    row.append(element('td', '', spread(rounds, roundsBy)));
  }
  byId('table').append(head.parentNode, body);
}

function show() {
  const {head, figures} = JSON.parse(byId('data').textContent);
  byId('about').textContent = head.about;
  byId('tiles').style.setProperty('--columns', head.keys.length || 1);
  for (const {figure, words} of head.keys) {
    const tile = byId('tiles').appendChild(element('div', 'card tile'));
    tile.append(element('div', 'figure', figure), element('div', 'quiet', words));
  }
  const charts = [];
  for (const figure of figures) {
    const card = byId('charts').appendChild(element('figure', 'card'));
    const caption = card.appendChild(element('figcaption'));
    caption.append(element('h2', '', figure.title), element('p', 'quiet', figure.reading));
    const plot = card.appendChild(element('div', 'plot'));
    const canvas = plot.appendChild(element('canvas'));
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `${figure.title}. ${figure.reading}`);
    card.append(legendOf(figure));
    charts.push({canvas, figure, chart: draw(canvas, figure)});
  }
  fillTable(head.table);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const one of charts) {
      one.chart.destroy();
      one.chart = draw(one.canvas, one.figure);
    }
  });
}

show();
