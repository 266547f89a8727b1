// Rows as they come from the server, read no faster than they are wanted.

import { ApiError, cancel, get, send } from './api.js';

/** So many rows are kept, and so many characters of them; what came before is dropped. */
export const MOST_ROWS = 100000;
export const MOST_CHARACTERS = 64 * 1024 * 1024;
const AHEAD = 20000;
const BREATH_MILLIS = 20000;
const MOST_BREATHS = 30; // ten minutes

/**
 * The rows of a query that was submitted. Lines are kept as texts and parsed when they are shown. When AHEAD rows below the last row that
 * was looked at are there, reading pauses: the stream fills, and the engine pauses too. A breath every 20 s keeps the connection, and after ten minutes
 * in which nobody looked further the query is cancelled: it holds memory.
 */
export class Rows {
  constructor(id, signal) {
    this.id = id; // 0: not known yet, see readFrom
    this.signal = signal;
    this.columns = null;
    this.lines = [];
    this.characters = 0;
    this.dropped = 0; // rows before lines[0]
    this.state = 'waiting'; // reading, paused, done, failed
    this.error = null;
    this.looked = 0;
    this.breaths = 0;
    this.wake = null;
    this.changed = () => {};
  }

  get seen() { return this.dropped + this.lines.length; }

  /** The cells of a row, by its number from 0; null where it was dropped or is not there yet. */
  row(n) {
    const line = this.lines[n - this.dropped];
    return line === undefined ? null : this.shape.cells(line, this.columns);
  }

  /** Somebody looks at this row: there are to be some more below it. */
  look(n) {
    if (n > this.looked) {
      this.looked = n;
      this.breaths = 0;
      this.wake?.();
    }
  }

  read() {
    return this.readFrom(() => send('/v1/queries/' + this.id + '/result?format=json', { signal: this.signal }));
  }

  /** The same from a response that has the rows itself: asked() gives it. */
  async readFrom(asked) {
    try {
      const response = await asked();
      const id = Number(response.headers.get('Penstock-Query'));
      if (id) this.id = id;
      const type = response.headers.get('Content-Type') ?? '';
      this.shape = SHAPES.find(([part]) => type.startsWith(part))?.[1] ?? LINES;
      await this.stream(response.body.getReader());
    } catch (e) {
      if (this.signal.aborted) return;
      this.state = 'failed';
      this.error = e instanceof ApiError ? e : await this.reason(e);
    }
    this.changed();
  }

  /** A stream that was cut: its query knows why. */
  async reason(e) {
    try {
      const query = await get('/v1/queries/' + this.id, this.signal);
      if (query.error) return new ApiError(0, query.error);
    } catch { /* what is known must do */ }
    return e instanceof ApiError ? e : new ApiError(0, { code: 'cut', category: 'IO', message: 'the connection was cut before the end of the result' });
  }

  async stream(reader) {
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop();
      for (const line of lines) this.take(line);
      if (done && rest !== '') this.take(rest);
      this.trim();
      if (done) break;
      this.changed();
      if (this.state !== 'failed') await this.room();
    }
    if (this.state === 'failed') return;
    if (this.shape === JSON_ROWS && !this.ended) throw new Error('cut');
    this.columns ??= [];
    this.state = 'done';
  }

  take(line) { this.shape.take(this, line); }

  add(line) {
    this.lines.push(line);
    this.characters += line.length;
  }

  trim() {
    let over = Math.max(0, this.lines.length - MOST_ROWS);
    let characters = this.characters;
    for (let i = 0; i < over; i++) characters -= this.lines[i].length;
    while (characters > MOST_CHARACTERS && over < this.lines.length - 1) characters -= this.lines[over++].length;
    if (over > 0) {
      this.lines.splice(0, over);
      this.dropped += over;
      this.characters = characters;
    }
  }

  /** Waits until more rows are wanted. */
  async room() {
    let breathed = false;
    while (!this.signal.aborted && !breathed && this.seen - this.looked > AHEAD) {
      this.state = 'paused';
      this.changed();
      breathed = await new Promise((resolve) => {
        const timer = setTimeout(() => resolve(true), BREATH_MILLIS);
        this.wake = () => { clearTimeout(timer); resolve(false); };
      });
      this.wake = null;
    }
    if (breathed && ++this.breaths > MOST_BREATHS) {
      cancel(this.id).catch(() => { /* it has ended */ });
      throw new ApiError(0, { code: 'unread', category: 'CANCELLED', message: 'nobody looked at more rows for ten minutes, so the query was cancelled; run it again' });
    }
    this.state = 'reading';
  }
}

/** Integers that JavaScript would round are kept as they were written. */
function parse(line) {
  if (!/\d{16}/.test(line)) return JSON.parse(line);
  return JSON.parse(line, (key, value, context) => (typeof value === 'number' && context?.source && String(value) !== context.source && !Number.isSafeInteger(value) ? context.source : value));
}

// ---- the shapes of results: what a line is, and the cells of a row by the names of columns

/** docs/server.md: a head, the rows a line each, a tail. */
const JSON_ROWS = {
  take(rows, line) {
    if (rows.columns === null) {
      rows.columns = JSON.parse(line.replace(/,\s*$/, '') + '}').columns;
      rows.state = 'reading';
      return;
    }
    let text = line;
    if (text.startsWith('"rows":[')) text = text.slice(8);
    if (text.endsWith(',')) text = text.slice(0, -1);
    if (text.startsWith('{') && text.endsWith('}')) {
      rows.add(text);
      return;
    }
    const end = text.replace(/^[\s\],]+/, '');
    if (end.startsWith('"count"') || end.startsWith('"error"')) {
      const tail = JSON.parse('{' + end);
      rows.ended = true;
      if (tail.error) throw new ApiError(0, tail.error);
    }
  },
  cells: parse,
};

/** Solutions of SPARQL: a line of variables, then a line of terms for each. */
const TSV = {
  take(rows, line) {
    const text = line.replace(/\r$/, '');
    if (rows.columns === null) {
      rows.columns = text.split('\t').map((name) => ({ name: name.replace(/^\?/, ''), type: 'term' }));
      rows.state = 'reading';
    } else rows.add(text);
  },
  cells: (line, columns) => Object.fromEntries(line.split('\t').map((term, i) => [columns[i].name, term === '' ? null : term])),
};

/** The answer of ASK. */
const ANSWER = {
  take(rows, line) {
    rows.columns ??= [{ name: 'answer', type: 'boolean' }];
    const found = /"boolean"\s*:\s*(true|false)/.exec(line);
    if (found) rows.add(found[1]);
  },
  cells: (line) => ({ answer: line }),
};

/** Triples, as text. */
const LINES = {
  take(rows, line) {
    rows.columns ??= [{ name: 'triples', type: 'text' }];
    rows.add(line);
  },
  cells: (line) => ({ triples: line }),
};

const SHAPES = [['application/json', JSON_ROWS], ['text/tab-separated-values', TSV], ['application/sparql-results+json', ANSWER]];
