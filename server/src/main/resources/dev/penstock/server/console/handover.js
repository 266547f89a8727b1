// A text that goes from a page to the workbench, which it opens.

const KEY = 'penstock.text';

export function handOver(language, text) {
  sessionStorage.setItem(KEY, JSON.stringify({ language, text }));
  location.hash = '#/workbench';
}

/** The text that was handed over or typed last: {language, text}, or null. */
export function lastText() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export function keepText(language, text) {
  sessionStorage.setItem(KEY, JSON.stringify({ language, text }));
}
