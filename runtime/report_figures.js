/// The report's small drawings: where the time went, the ring of devices, the events.
'use strict';

const byId = (id) => document.getElementById(id);

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function svg(tag, attributes, text) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function key(text, colour, block) {
  const node = element('span', block ? 'key block' : 'key', text);
  node.style.setProperty('--colour', `var(${colour})`);
  return node;
}

const runVariable = (run) => `--run-${run.index % 6}`;
const plural = (n, word) => `${write.count(n)} ${word}${n === 1 ? '' : 's'}`;

const phases = [
  ['compute', 'local steps'], ['average', 'averaging'], ['wait', 'waiting for a neighbour'],
  ['other', 'the rest']
];

function fillPhases(runs) {
  const longest =
      Math.max(...runs.map((run) => phases.reduce((sum, [name]) => sum + run.phases[name], 0))) ||
      1;
  const legend = byId('phases').appendChild(element('div', 'legend'));
  for (const [name, words] of phases) legend.append(key(words, `--${name}`, true));
  for (const run of runs) {
    const total = phases.reduce((sum, [name]) => sum + run.phases[name], 0) || 1;
    const row = byId('phases').appendChild(element('div', 'phase-row'));
    row.append(element('div', 'phase-name', run.name));
    const stack = element('div', 'stack');
    stack.style.width = `${(100 * total) / longest}%`;
    const shares = [];
    for (const [name] of phases) {
      const share = run.phases[name] / total;
      const part = stack.appendChild(element('span'));
      part.style.width = `${100 * share}%`;
      part.style.setProperty('--colour', `var(--${name})`);
      if (share >= 0.005) shares.push(`${name} ${Math.round(100 * share)} %`);
    }
    const space = element('div', 'stack-space');
    space.append(stack);
    row.append(
        space, element('div', 'total', write.seconds(total)),
        element('div', 'quiet shares', shares.join(', ')));
  }
  byId('time-note').textContent =
      'without evaluations; seen by the device that wrote the run; one bar a run, to one scale';
}

/// Devices clockwise in ring order, an arrow for every hop.
function ringDrawing(devices, lost) {
  const radius = 78;
  const place =
      (turn, r) => [190 + r * Math.sin(2 * Math.PI * turn), 130 - r * Math.cos(2 * Math.PI * turn)];
  const drawing = svg('svg', {
    viewBox: '0 0 380 260',
    role: 'img',
    'aria-label': `A ring of ${plural(devices.length, 'device')}`
  });
  const n = devices.length;
  const gap = Math.min(0.04, 0.25 / n);
  devices.forEach((name, i) => {
    if (n > 1) {
      const [x0, y0] = place(i / n + gap, radius);
      const [x1, y1] = place((i + 1) / n - gap, radius);
      drawing.append(
          svg('path', {class: 'hop', d: `M${x0} ${y0} A${radius} ${radius} 0 0 1 ${x1} ${y1}`}));
      const angle = 360 * ((i + 1) / n - gap);
      drawing.append(svg('path', {
        class: 'head',
        d: 'M-4 -4 L4 0 L-4 4 Z',
        transform: `translate(${x1} ${y1}) rotate(${angle})`
      }));
    }
    const [x, y] = place(i / n, radius);
    const state = lost.has(name) ? ' lost' : i === 0 ? ' first' : '';
    drawing.append(svg('circle', {class: `device${state}`, cx: x, cy: y, r: n > 24 ? 3 : 8}));
    if (n > 24) return;
    const [tx, ty] = place(i / n, radius + 17);
    const side = Math.sin((2 * Math.PI * i) / n);
    const anchor = Math.abs(side) < 0.2 ? 'middle' : side > 0 ? 'start' : 'end';
    drawing.append(svg('text', {x: tx, y: ty + 4, 'text-anchor': anchor}, clean(name, 16)));
  });
  drawing.append(svg('text', {class: 'middle', x: 190, y: 134}, plural(n, 'device')));
  return drawing;
}

function fillRings(runs) {
  const seen = new Set();
  for (const run of runs) {
    const id = JSON.stringify(run.devices);
    if (!run.devices.length || seen.has(id)) continue;
    seen.add(id);
    byId('rings').append(ringDrawing(run.devices, new Set(run.lost.map((e) => e.device))));
  }
}

/// A figure above its bar, which is `part` of the column's width.
function amount(text, part) {
  const cell = element('td', 'amount', text);
  const bar = cell.appendChild(element('div', 'amount-bar'));
  bar.style.width = `${100 * Math.min(1, Math.max(0, part || 0))}%`;
  return cell;
}

/// The runs of an ablation, the first of which has all options.
function fillAblation(ends) {
  byId('ablation-card').hidden = ends.length === 0;
  if (ends.length === 0) return;
  const most = (member) => Math.max(...ends.map(member).filter(Number.isFinite), 0) || 1;
  const change = (end) => end.test_accuracy - ends[0].test_accuracy;
  const mostSent = most((end) => end.sent_bytes_per_device);
  const mostChange = most((end) => Math.abs(change(end)));
  const names = byId('ablation').appendChild(element('thead')).appendChild(element('tr'));
  for (const name of ['', 'rounds', 'sent per device', 'test accuracy', 'difference'])
    names.append(element('th', '', name));
  const body = byId('ablation').appendChild(element('tbody'));
  ends.forEach((end, i) => {
    const known = (value, format) => (Number.isFinite(value) ? format(value) : '\u2013');
    const row = body.appendChild(element('tr'));
    row.append(
        element('th', '', clean(end.name, 80)),
        element('td', '', known(end.rounds, write.count)),
        amount(known(end.sent_bytes_per_device, write.bytes), end.sent_bytes_per_device / mostSent),
        element('td', '', known(end.test_accuracy, (v) => `${(v * 100).toFixed(2)} %`)),
        i === 0 ? element('td') :
                  amount(
                      known(change(end), (v) => `${v < 0 ? '\u2212' : '+'}${
                                             Math.abs(v * 100).toFixed(2)} points`),
                      Math.abs(change(end)) / mostChange));
  });
}

function fillEvents(runs) {
  const add = (seconds, words, bad) => {
    const item = element('li');
    item.append(
        element('time', '', Number.isFinite(seconds) ? write.seconds(seconds) : ''),
        element('span', bad ? 'bad' : '', words));
    byId('events').append(item);
  };
  for (const run of runs) {
    const prefix = runs.length > 1 ? `${run.name}: ` : '';
    add(0, `${prefix}${clean(run.start.schedule || 'start', 80)}`);
    const middle = run.lost.map(
        (e) => [e.seconds, `${clean(e.device)} lost: ${clean(e.reason, 120)}`, true]);
    for (const e of run.resumed) {
      const at = run.rounds.round.findLastIndex((round) => round <= e.resumed);
      middle.push([run.rounds.seconds[at], `gone on after round ${write.count(e.resumed)}`, false]);
    }
    middle.sort((a, b) => a[0] - b[0]);  // where a lost device ended it, that came first
    for (const [seconds, words, bad] of middle) add(seconds, prefix + words, bad);
    if (run.stop.exit_reason) {
      add(run.result.seconds,
          `${prefix}${clean(run.stop.exit_reason, 160)} \u00b7 ${plural(run.steps, 'step')}, ${
              plural(run.result.rounds, 'round')}`,
          run.stop.exit_code !== 0);
    }
  }
}
