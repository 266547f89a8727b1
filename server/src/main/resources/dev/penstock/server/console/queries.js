// Queries now, and those that ended.

import { attr, card, choice, h, keyed, say } from './dom.js';
import { get, poll } from './api.js';
import { bytes, clock, count, isEnded, line, percent, stateName, time } from './format.js';
import { askCancel, askExtend } from './dialogs.js';

const EVERY_MILLIS = 1000;
const ENDED = 50;
const MORE_ENDED = 200;

export function show(main, params, signal) {
  const state = { filter: '', which: 'all', ended: ENDED, last: null };
  const tiles = tilesOf();
  const runningBody = h('tbody');
  const endedBody = h('tbody');
  const updateRunning = keyed(runningBody, (q) => q.id, (q) => runningRow(q));
  const updateEnded = keyed(endedBody, (q) => q.id, (q) => endedRow(q));
  const noneRunning = h('div', { class: 'empty' }, h('strong', null, 'No query runs'), h('p', null, 'What is submitted shows up here at once. ', h('a', { href: '#/workbench' }, 'Open the workbench')));
  const noneEnded = h('div', { class: 'empty' }, h('strong', null, 'No query has ended'), h('p', null, 'The last ones that end are remembered here, with their errors.'));
  const runningTable = h('table', { class: 'cards queries' }, heads([['Id', 'c-id'], ['State', 'c-state'], ['Query', ''], ['Age', 'c-num num'], ['Deadline', 'c-num num optional'],
    ['Progress', 'c-progress'], ['Memory', 'c-num num'], ['Spilled', 'c-num num optional'], ['Actions', 'c-acts hidden-head']]), runningBody);
  const endedTable = h('table', { class: 'cards queries' }, heads([['Id', 'c-id'], ['State', 'c-state'], ['Query', ''], ['Ended', 'c-num num optional'], ['Took', 'c-num num'],
    ['Rows', 'c-num num'], ['Peak memory', 'c-progress num'], ['Spilled', 'c-num num optional']]), endedBody);
  const runningCount = h('span', { class: 'muted' });
  const endedCount = h('span', { class: 'muted' });
  const more = h('button', { type: 'button', class: 'small', onclick: () => { state.ended = MORE_ENDED; more.hidden = true; look(); } }, 'Show more');
  const running = card('Running', runningCount, runningTable, noneRunning);
  const ended = card('History', [endedCount, more], endedTable, noneEnded);
  const filter = h('input', { type: 'search', id: 'filter', placeholder: 'Filter by text, owner, id or error', 'aria-label': 'Filter queries',
    oninput: () => { state.filter = filter.value.trim().toLowerCase(); render(); } });

  main.append(
    h('div', { class: 'head' }, h('h1', { tabindex: '-1' }, 'Queries')),
    tiles.element,
    h('div', { class: 'toolbar' }, filter,
      choice('Which queries', 'which', [['all', 'All'], ['running', 'Running'], ['ended', 'Ended'], ['errors', 'With errors']], 'all', (v) => { state.which = v; render(); })),
    running, ended);

  function wanted(q) {
    return !state.filter || [q.text, q.owner, String(q.id), q.state, q.error?.message ?? ''].some((t) => t.toLowerCase().includes(state.filter));
  }

  function render() {
    if (!state.last) return;
    const now = state.last.running.filter(wanted);
    const past = state.last.ended.filter((q) => wanted(q) && (state.which !== 'errors' || q.error));
    running.hidden = state.which === 'ended' || state.which === 'errors';
    ended.hidden = state.which === 'running';
    updateRunning(now);
    updateEnded(past);
    runningTable.hidden = now.length === 0;
    noneRunning.hidden = now.length > 0;
    say(noneRunning.querySelector('strong'), state.last.running.length ? 'No running query fits the filter' : 'No query runs');
    endedTable.hidden = past.length === 0;
    noneEnded.hidden = past.length > 0;
    say(noneEnded.querySelector('strong'), state.last.ended.length ? 'No ended query fits the filter' : 'No query has ended');
    say(runningCount, shown(now.length, state.last.running.length));
    say(endedCount, shown(past.length, state.last.ended.length));
    more.hidden = state.ended === MORE_ENDED || state.last.ended.length < ENDED;
  }

  async function look() {
    const [list, engine] = await Promise.all([get('/v1/queries?ended=' + state.ended, signal), get('/v1/engine', signal)]);
    state.last = list;
    tiles.update(engine);
    render();
  }

  poll(EVERY_MILLIS, look, signal);
  return 'Queries';
}

const shown = (n, all) => (n === all ? count(all) : count(n) + ' of ' + count(all));

function heads(columns) {
  return h('thead', null, h('tr', null, columns.map(([name, kind]) =>
    h('th', { scope: 'col', class: kind || null }, kind.includes('hidden-head') ? h('span', { class: 'hidden' }, name) : name))));
}

function tilesOf() {
  const make = (label) => {
    const value = h('div', { class: 'value' }, '–');
    const under = h('div', { class: 'muted' });
    const fill = h('div', { class: 'fill' });
    const meter = h('div', { class: 'meter', 'aria-hidden': 'true' }, fill);
    return { element: h('div', { class: 'card tile' }, h('div', { class: 'label' }, label), value, meter, under), value, under, fill, meter };
  };
  const [running, memory, spilled, heap] = ['Running', 'Memory of queries', 'Spilled to disk', 'Heap of the JVM'].map(make);
  running.meter.remove();
  return {
    element: h('div', { class: 'tiles' }, running.element, memory.element, spilled.element, heap.element),
    update(e) {
      say(running.value, count(e.queries.running));
      say(running.under, e.queries.queued + ' wait for memory · ' + count(e.queries.begun) + ' so far');
      say(memory.value, bytes(e.memory.usedBytes));
      say(memory.under, 'of ' + bytes(e.memory.capBytes) + ', peak ' + bytes(e.memory.peakBytes));
      memory.fill.style.width = 100 * e.memory.usedBytes / e.memory.capBytes + '%';
      const quota = e.spill?.quotaBytes ?? (e.spill?.freeBytes === null || !e.spill ? null : e.spill.freeBytes + e.spill.heldBytes);
      say(spilled.value, e.spill ? bytes(e.spill.heldBytes) : 'off');
      say(spilled.under, !e.spill ? 'no folder to spill to' : quota === null ? 'nothing was spilled so far' : (e.spill.quotaBytes === null ? 'no quota, ' + bytes(e.spill.freeBytes) + ' free' : 'quota ' + bytes(quota)));
      spilled.fill.style.width = quota ? 100 * e.spill.heldBytes / quota + '%' : '0';
      say(heap.value, bytes(e.heap.usedBytes));
      say(heap.under, 'of ' + bytes(e.heap.maxBytes) + (e.heap.tight ? ', tight' : ''));
      heap.fill.style.width = 100 * e.heap.usedBytes / e.heap.maxBytes + '%';
      attr(heap.meter, 'class', 'meter' + (e.heap.tight ? ' warn' : ''));
    },
  };
}

function nameCells(q) {
  const badge = h('span', { class: 'badge ' + q.state }, stateName(q.state));
  const sub = h('div', { class: 'sub clip' });
  return {
    id: h('td', { class: 'c-id', 'data-label': 'Id' }, h('a', { href: '#/queries/' + q.id }, String(q.id))),
    state: h('td', { class: 'c-state', 'data-label': 'State' }, badge),
    text: h('td', { class: 'text wide' }, h('a', { href: '#/queries/' + q.id, class: 'mono clip', title: line(q.text, 1000) }, line(q.text)), sub),
    update(now) {
      attr(badge, 'class', 'badge ' + now.state);
      say(badge, stateName(now.state));
      say(sub, now.error && isEnded(now) ? now.error.message : (now.owner || 'no owner') + (now.priority === 'normal' ? '' : ' · ' + now.priority + ' priority'));
      attr(sub, 'title', now.error?.message);
      attr(sub, 'class', 'sub clip' + (now.error && isEnded(now) ? ' bad' : ''));
    },
  };
}

function runningRow(q) {
  let latest = q;
  const names = nameCells(q);
  const [age, deadline, memory, spilled] = ['Age', 'Deadline in', 'Memory', 'Spilled'].map((label) => h('td', { class: 'num', 'data-label': label }));
  deadline.classList.add('optional');
  spilled.classList.add('optional');
  const fill = h('div', { class: 'fill' });
  const bar = h('div', { class: 'meter', role: 'progressbar', 'aria-label': 'Progress of query ' + q.id, 'aria-valuemin': '0', 'aria-valuemax': '100' }, fill);
  const share = h('span');
  const left = h('span');
  const extend = h('button', { type: 'button', class: 'small', 'aria-label': 'Extend the deadline of query ' + q.id, onclick: () => askExtend(latest) }, 'Extend');
  const stop = h('button', { type: 'button', class: 'small danger', 'aria-label': 'Cancel query ' + q.id, onclick: () => askCancel(latest) }, 'Cancel');
  return {
    element: h('tr', null, names.id, names.state, names.text, age, deadline,
      h('td', { class: 'wide', 'data-label': 'Progress' }, h('div', { class: 'progress' }, bar, h('div', { class: 'sub' }, share, left))),
      memory, spilled, h('td', { class: 'wide' }, h('div', { class: 'acts' }, extend, stop))),
    update(now) {
      latest = now;
      names.update(now);
      say(age, time(now.elapsedMillis));
      say(deadline, now.deadline ? time(Date.parse(now.deadline) - Date.now()) : 'none');
      say(memory, bytes(now.memoryBytes));
      say(spilled, bytes(now.spilledBytes));
      const known = now.progress.share !== null;
      attr(bar, 'class', 'meter' + (known ? '' : ' unknown'));
      attr(bar, 'aria-valuenow', known ? Math.round(now.progress.share * 100) : null);
      fill.style.width = known ? 100 * now.progress.share + '%' : '100%';
      say(share, known ? percent(now.progress.share) : now.state === 'running' ? 'not known' : stateName(now.state));
      say(left, now.progress.leftMillis === null || !known ? '' : time(now.progress.leftMillis) + ' left');
      stop.disabled = now.state === 'cancelling';
    },
  };
}

function endedRow(q) {
  const names = nameCells(q);
  names.update(q);
  const cell = (label, text, kind = '') => h('td', { class: 'num ' + kind, 'data-label': label }, text);
  return {
    element: h('tr', null, names.id, names.state, names.text, cell('Ended', clock(q.ended), 'optional'), cell('Took', time(q.elapsedMillis)), cell('Rows', count(q.rows)),
      cell('Peak memory', bytes(q.peakMemoryBytes)), cell('Spilled', bytes(q.spilledBytes), 'optional')),
    update() {},
  };
}
