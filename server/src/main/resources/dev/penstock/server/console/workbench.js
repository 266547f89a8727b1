// Typing queries, running them, looking at their rows.

import { announce, attr, card, choice, h, say } from './dom.js';
import { ApiError, cancel, get, send, session, told } from './api.js';
import { bytes, count, percent, stateName, time } from './format.js';
import { editor } from './editor.js';
import { taken } from './languages.js';
import { lastText, keepText } from './handover.js';
import { cellText, drawable, grid, plot } from './grid.js';
import { MOST_ROWS, Rows } from './rows.js';

const LOOK_MILLIS = 500;
const MOST_LINES = 5000; // of a plan
const ENDINGS = { arrow: 'arrows' }; // else the format's name

export function show(main, params, signal) {
  const status = h('div', { class: 'status body', role: 'status', 'aria-live': 'polite' });
  const result = h('div');
  const names = h('div', { class: 'names' });
  const place = h('div', { class: 'editor' });
  const language = h('select', { 'aria-label': 'Language', onchange: () => change(language.value) });
  const timeout = h('input', { type: 'number', min: '1', step: '1', placeholder: 'none', id: 'timeout' });
  const memory = h('input', { type: 'number', min: '1', step: '1', placeholder: 'all', id: 'memory' });
  const go = h('button', { type: 'button', class: 'main', onclick: () => run('') }, 'Run');
  const stop = h('button', { type: 'button', class: 'danger', disabled: true, onclick: stopRun }, 'Cancel');
  const explain = h('button', { type: 'button', onclick: () => run('EXPLAIN ') }, 'Explain');
  const analyze = h('button', { type: 'button', onclick: () => run('EXPLAIN ANALYZE ') }, 'Analyze');
  const format = h('select', { 'aria-label': 'Format of the download' });
  const fetchAll = h('button', { type: 'button', onclick: download }, 'Download');
  let languages = [];
  let chosen = null;
  let edit = null;
  let current = null; // {id, rows, abort, began}

  const memoryField = h('label', null, 'Memory ', memory, ' MB');
  const results = card('Result', null, status, result);
  main.append(
    h('div', { class: 'head' }, h('h1', { tabindex: '-1' }, 'Workbench')),
    h('div', { class: 'bench' },
      h('aside', { class: 'card', 'aria-label': 'Tables' }, h('header', null, h('h2', null, 'Tables')), names),
      h('div', null,
        h('section', { class: 'card', 'aria-label': 'Query' }, place,
          h('div', { class: 'run' }, go, stop, explain, analyze, language,
            h('label', null, 'Timeout ', timeout, ' s'), memoryField,
            h('span', { class: 'muted' }, h('kbd', null, 'Ctrl'), ' ', h('kbd', null, 'Enter'), ' runs, ', h('kbd', null, 'Ctrl'), ' ', h('kbd', null, 'Space'), ' completes'))),
        results)));
  result.append(nothing('Nothing was run yet', 'Rows are shown as they come. Tables and files can be queried by name and by path.'));
  start();

  function nothing(title, text) { return h('div', { class: 'empty' }, h('strong', null, title), h('p', null, text)); }

  async function start() {
    try {
      languages = taken(await get('/v1/engine', signal));
    } catch (e) {
      if (!signal.aborted) tell(told(e), true);
      return;
    }
    const kept = lastText();
    language.append(...languages.map((l) => h('option', { value: l.id }, l.name)));
    chosen = languages.find((l) => l.id === kept?.language) ?? languages[0];
    language.value = chosen.id;
    edit = editor(place, { language: chosen, run: () => run(''), changed: (text) => keepText(chosen.id, text) });
    if (kept?.text) edit.setText(kept.text);
    change(chosen.id);
    edit.focus();
    tables();
  }

  function change(id) {
    chosen = languages.find((l) => l.id === id);
    edit.setLanguage(chosen);
    explain.hidden = analyze.hidden = !chosen.explains;
    memoryField.hidden = Boolean(chosen.direct); // the SPARQL protocol has no place for it
    format.replaceChildren(...chosen.formats.map(([value, name]) => h('option', { value }, name)));
    keepText(chosen.id, edit.text);
  }

  async function tables() {
    let list;
    try {
      list = (await get('/v1/tables?columns=true', signal)).tables;
    } catch {
      return;
    }
    const hints = [];
    for (const t of list) {
      hints.push({ text: chosen.table(t.name), note: t.kind });
      for (const c of t.columns ?? []) if (!hints.some((x) => x.text === c.name)) hints.push({ text: c.name, note: c.type });
    }
    edit.setNames(hints);
    names.replaceChildren(...(list.length ? list.map((t) => h('details', null,
      h('summary', null, t.name, t.rows === undefined || t.rows === null ? null : h('span', { class: 'muted' }, '  ' + count(t.rows))),
      h('ul', null, h('li', null, h('button', { type: 'button', onclick: () => edit.insert(chosen.table(t.name)) }, 'insert the name')),
        (t.columns ?? []).map((c) => h('li', null, h('button', { type: 'button', title: 'Insert', onclick: () => edit.insert(c.name) }, c.name), h('span', null, c.type))))))
      : [nothing('No tables have names', 'Files can be queried by their paths.')]));
  }

  // ---- running

  function options() {
    const out = {};
    if (timeout.value) out.timeoutSeconds = Number(timeout.value);
    if (memory.value && !chosen.direct) out.memoryBytes = Number(memory.value) * 1e6;
    return out;
  }

  function post(text, more) {
    const s = chosen.submission(text, options());
    return send(s.path, { method: 'POST', type: s.type, body: s.body, accept: s.accept, signal, ...more });
  }

  const submit = async (text) => (await post(text)).json();

  async function run(prefix) {
    if (!edit) return;
    const text = edit.selection.trim() || edit.text.trim();
    if (!text) {
      tell('There is nothing to run.', true);
      edit.focus();
      return;
    }
    drop();
    edit.clearMark();
    const mine = { id: 0, abort: new AbortController(), began: performance.now(), rows: null, ended: false };
    current = mine;
    buttons(true);
    result.replaceChildren();
    tell('Submitting …');
    const { direct } = chosen;
    try {
      if (!direct) mine.id = (await submit(prefix + text)).id;
    } catch (e) {
      finish(mine, e, prefix);
      return;
    }
    if (current !== mine) return;
    signal.addEventListener('abort', () => mine.abort.abort());
    const rows = new Rows(mine.id, mine.abort.signal);
    mine.rows = rows;
    rows.explains = /^\s*explain\b/i.test(prefix + text);
    const view = viewOf(rows);
    rows.changed = () => {
      if (current !== mine) return;
      view.update();
      if (rows.state === 'done' || rows.state === 'failed') finish(mine, rows.error, prefix);
    };
    result.replaceChildren(view.element);
    watch(mine, text);
    if (direct) rows.readFrom(() => post(text, { signal: mine.abort.signal }));
    else rows.read();
  }

  async function watch(mine, text) {
    while (current === mine && !mine.ended && !signal.aborted) {
      try {
        mine.id ||= mine.rows.id || ((await get('/v1/queries?ended=0', mine.abort.signal)).running.findLast((q) => q.text === text)?.id ?? 0);
        if (!mine.id) throw new Error('not begun');
        const q = await get('/v1/queries/' + mine.id, mine.abort.signal);
        if (current !== mine || mine.ended) return;
        const r = mine.rows;
        const how = r.state === 'paused' ? 'paused: scroll down to read on' : q.progress.share === null ? '' : percent(q.progress.share);
        progress(mine, stateName(r.state === 'paused' ? 'running' : q.state), [time(q.elapsedMillis), count(r.seen) + ' rows here', bytes(q.memoryBytes) + ' of memory', q.spilledBytes ? bytes(q.spilledBytes) + ' spilled' : '', how]);
      } catch { /* the stream of rows tells what is wrong */ }
      await new Promise((resolve) => { setTimeout(resolve, LOOK_MILLIS); });
    }
  }

  function progress(mine, state, facts) {
    attr(status, 'aria-live', 'off'); // figures that change all the time are not read aloud
    status.replaceChildren(h('span', { class: 'badge running' }, state), h('span', { class: 'muted' }, facts.filter(Boolean).join(' · ')), h('a', { href: '#/queries/' + mine.id }, 'Query ' + mine.id));
  }

  function finish(mine, error, prefix) {
    if (current !== mine || mine.ended) return;
    mine.ended = true;
    mine.id ||= mine.rows?.id ?? 0;
    buttons(false);
    const link = mine.id ? h('a', { href: '#/queries/' + mine.id }, 'Query ' + mine.id) : null;
    if (error) {
      const problem = h('p', { class: 'notice bad', role: 'alert' }, told(error));
      attr(status, 'aria-live', 'off');
      status.replaceChildren(problem, ...(link ? [link] : []));
      if (!mine.rows?.lines.length) result.replaceChildren();
      if (error.line && !prefix && !edit.selection) edit.mark(error.line, error.column);
      return;
    }
    const n = mine.rows.seen;
    const text = (n === 1 ? '1 row' : count(n) + ' rows') + ' in ' + time(performance.now() - mine.began);
    status.replaceChildren(h('span', { class: 'badge done' }, 'done'), h('span', null, text), link);
    announce(text);
    if (/^\s*(create|drop|insert|alter)\b/i.test(edit.text)) tables();
  }

  function tell(text, bad) {
    attr(status, 'aria-live', 'polite');
    status.replaceChildren(bad ? h('p', { class: 'notice bad', role: 'alert' }, text) : h('span', { class: 'muted' }, text));
  }

  function buttons(running) {
    stop.disabled = !running;
    attr(results, 'aria-busy', running ? 'true' : null);
  }

  async function stopRun() {
    const mine = current;
    if (!mine || mine.ended) return;
    if (!mine.id) return; // it is begun in a moment
    stop.disabled = true;
    try {
      await cancel(mine.id);
      mine.rows?.look(Infinity); // a reader that pauses is to hear of it
    } catch (e) {
      if (e.status !== 409) tell(told(e), true);
    }
  }

  /** What ran before is of no interest any more. */
  function drop() {
    const mine = current;
    current = null;
    if (mine && !mine.ended && mine.id) cancel(mine.id).catch(() => { /* it has ended */ });
    mine?.abort.abort();
  }
  signal.addEventListener('abort', drop);
  addEventListener('pagehide', () => { if (current?.id && !current.ended) cancel(current.id, true).catch(() => { /* it has ended */ }); }, { signal });

  // ---- what is shown

  function viewOf(rows) {
    const table = grid(rows);
    const drawing = h('div', { class: 'plot', hidden: true });
    const plain = h('pre', { class: 'plain', hidden: true, tabindex: '0', role: 'region', 'aria-label': 'Result' });
    const kept = h('span', { class: 'muted' });
    const pick = choice('How to show the rows', 'show', [['table', 'Table'], ['chart', 'Chart']], 'table', (v) => { which = v; update(); });
    const bar = h('div', { class: 'run' }, pick, kept, h('span', { class: 'end toolbar' }, format, fetchAll));
    let which = 'table';
    let drawn = -1;

    function update() {
      if (!rows.columns) return;
      const text = isText(rows);
      const can = !text && drawable(rows.columns) !== null && rows.lines.length > 1;
      pick.hidden = !can;
      plain.hidden = !text;
      table.element.hidden = text || (which === 'chart' && can);
      drawing.hidden = text || which !== 'chart' || !can;
      if (text) say(plain, rows.lines.map((_, i) => rows.columns.map((c) => cellText(rows.row(i)[c.name])).join('  ')).join('\n'));
      say(kept, rows.dropped ? `rows ${count(rows.dropped + 1)} to ${count(rows.seen)} are kept in this page, at most ${count(MOST_ROWS)}; run it again to see those before`
        : rows.state === 'paused' ? 'more rows are read as you scroll; the engine waits meanwhile' : '');
      if (!table.element.hidden) table.update();
      if (!drawing.hidden && drawn < 0) chart();
      else if (!drawing.hidden && rows.lines.length !== drawn && drawn < 2000) redraw();
    }

    let redraw = () => {};

    function chart() {
      const { xs, ys } = drawable(rows.columns);
      const x = h('select', { 'aria-label': 'Across', onchange: () => redraw() }, xs.map((n) => h('option', { value: n }, n)));
      const y = h('select', { 'aria-label': 'Up', onchange: () => redraw() }, ys.map((n) => h('option', { value: n, selected: n === (ys.find((o) => o !== xs[0]) ?? ys[0]) }, n)));
      const note = h('span', { class: 'muted' });
      const canvas = h('div');
      redraw = () => {
        drawn = rows.lines.length;
        const made = plot(rows, x.value, y.value);
        canvas.replaceChildren(made.svg);
        say(note, made.all ? '' : 'the first ' + count(made.points) + ' rows');
      };
      drawing.replaceChildren(h('div', { class: 'toolbar' }, h('label', null, 'Across ', x), h('label', null, 'Up ', y), note), canvas);
      redraw();
    }

    return { element: h('div', null, bar, table.element, drawing, plain), update };
  }

  /** A plan that is explained: lines of text, to be read as such. */
  function isText(rows) {
    return (rows.explains || rows.columns[0]?.name === 'triples') && rows.columns.length <= 2 && rows.lines.length < MOST_LINES;
  }

  async function download() {
    const text = edit.selection.trim() || edit.text.trim();
    const kind = format.value;
    fetchAll.disabled = true;
    try {
      if (chosen.direct) {
        const s = chosen.submission(text, options());
        const response = await send(s.path + (s.path.includes('?') ? '&' : '?') + 'format=' + kind, { method: 'POST', type: s.type, body: s.body, signal });
        save(URL.createObjectURL(await response.blob()), 'query-' + response.headers.get('Penstock-Query') + '.' + kind);
        return;
      }
      const { id } = await submit(text);
      const path = '/v1/queries/' + id + '/result?format=' + kind;
      const name = 'query-' + id + '.' + (ENDINGS[kind] ?? kind);
      if (session.token) {
        // a link would not carry the token: the file is gathered by the page
        save(URL.createObjectURL(await (await send(path, { signal })).blob()), name);
      } else {
        await begun(id);
        save(path, name);
      }
      announce(name + ' is downloaded');
    } catch (e) {
      if (!signal.aborted) tell(told(e), true);
    } finally {
      fetchAll.disabled = false;
    }
  }

  /** Until it is known whether the query can be run at all. */
  async function begun(id) {
    for (;;) {
      const q = await get('/v1/queries/' + id, signal);
      if (q.error) throw new ApiError(0, q.error);
      if (q.state !== 'planning') return;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }

  function save(address, name) {
    const link = h('a', { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    if (address.startsWith('blob:')) setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  return 'Workbench';
}
