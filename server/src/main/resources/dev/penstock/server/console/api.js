// Requests to the server of this page. The token lives in this tab only, and travels in a header only: no other page can make a
// browser send it.

const KEY = 'penstock.token';

export const session = {
  get token() { return sessionStorage.getItem(KEY) ?? ''; },
  set token(value) {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
  },
};

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.message);
    this.status = status;
    this.code = problem.code;
    this.category = problem.category;
    this.line = problem.line;
    this.column = problem.column;
  }
}

/** A response that is no error. */
export async function send(path, { method = 'GET', body, type = 'application/json', accept, signal, keepalive = false } = {}) {
  const headers = {};
  if (session.token) headers.Authorization = 'Bearer ' + session.token;
  if (body !== undefined) headers['Content-Type'] = type;
  if (accept) headers.Accept = accept;
  let response;
  try {
    response = await fetch(path, { method, headers, body, signal, keepalive, cache: 'no-store', credentials: 'omit', redirect: 'error' });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError(0, { code: 'unreachable', category: 'IO', message: 'the server does not answer' });
  }
  if (response.ok) return response;
  let problem = { code: 'http', category: 'FAULT', message: 'the server answered ' + response.status };
  try {
    problem = (await response.json()).error ?? problem;
  } catch { /* no JSON: the status is what there is */ }
  if (response.status === 401) dispatchEvent(new CustomEvent('penstock-unauthorized'));
  throw new ApiError(response.status, problem);
}

export const get = async (path, signal) => (await send(path, { signal })).json();

/** With keepalive also from a page that is being closed. */
export const cancel = (id, keepalive = false) => send('/v1/queries/' + id, { method: 'DELETE', keepalive });

export const change = (id, what) => send('/v1/queries/' + id, { method: 'PATCH', body: JSON.stringify(what) });

/** An error in one line, with its place. */
export function told(error) {
  if (!(error instanceof ApiError)) return 'a defect of the console: ' + error;
  return (error.line ? 'line ' + error.line + ', column ' + error.column + ': ' : '') + error.message;
}

/** Runs now and every so many ms, never twice at once, and not while nobody looks; ends with the signal. */
export function poll(ms, look, signal) {
  let timer;
  const turn = async () => {
    if (signal.aborted) return;
    let again = ms;
    if (!document.hidden) {
      try {
        again = (await look()) ?? ms;
        online('');
      } catch (e) {
        if (signal.aborted || e.name === 'AbortError') return;
        if (e.status === 401) return;
        if (e.status !== 0 && !(e instanceof ApiError)) console.error(e);
        online(told(e));
      }
    }
    if (again !== Infinity && !signal.aborted) timer = setTimeout(turn, again);
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  turn();
}

function online(problem) {
  const place = document.getElementById('offline');
  place.hidden = !problem;
  if (place.textContent !== problem) place.textContent = problem;
}
