// The editor: CodeMirror with completion of words, tables and columns.

const { CodeMirror } = globalThis;
const WORD = /[\w$+:./-]/;
const MOST = 60;

/** {element, text, setText, setLanguage, setNames, mark(line, column), clearMark, focus}. */
export function editor(place, { language, run, changed }) {
  let words = [];
  let names = [];
  let mark = null;
  const cm = CodeMirror(place, {
    mode: language.mode,
    placeholder: language.sample,
    lineNumbers: false,
    lineWrapping: true,
    matchBrackets: true,
    autoCloseBrackets: true,
    inputStyle: 'contenteditable', // what a screen reader can read
    screenReaderLabel: 'Text of the query',
    extraKeys: {
      'Ctrl-Enter': run,
      'Cmd-Enter': run,
      'Ctrl-Space': (c) => { typed(); c.showHint({ hint, completeSingle: true }); },
      Tab: false, // the key leaves the editor, as everywhere on a page
      'Shift-Tab': false,
    },
  });
  cm.on('change', () => { clearMark(); changed(cm.getValue()); });
  cm.on('inputRead', (c, change) => {
    if (change.text.length === 1 && /[A-Za-z_.(]$/.test(change.text[0]) && wordAt(c).text.length > 1) c.showHint({ hint, completeSingle: false });
  });

  function wordAt(c) {
    const at = c.getCursor();
    const line = c.getLine(at.line);
    let from = at.ch;
    while (from > 0 && WORD.test(line[from - 1])) from--;
    const dot = line.slice(from, at.ch).lastIndexOf('.');
    if (dot >= 0) from += dot + 1;
    return { text: line.slice(from, at.ch), from: { line: at.line, ch: from }, to: at };
  }

  function hint(c) {
    const { text, from, to } = wordAt(c);
    const wish = text.toLowerCase();
    const fits = (w) => w.toLowerCase().startsWith(wish) && w !== text;
    const list = [
      ...names.filter((n) => fits(n.text)).map((n) => ({ text: n.text, displayText: n.text + '  ' + n.note })),
      ...words.filter(fits).map((w) => ({ text: w, displayText: w })),
    ];
    return { list: list.slice(0, MOST), from, to };
  }

  function clearMark() {
    mark?.clear();
    mark = null;
  }

  /** What was typed a moment ago is read from the page a moment later: now, please. */
  function typed() {
    const { input } = cm.display;
    if (input.pollContent && !input.composing) cm.operation(() => input.pollContent());
  }

  words = language.words;
  return {
    get text() { typed(); return cm.getValue(); },
    get selection() { return cm.getSelection(); },
    setText(text) { cm.setValue(text); cm.setCursor(cm.lineCount(), 0); },
    insert(text) { cm.replaceSelection(text); cm.focus(); },
    setLanguage(to) {
      words = to.words;
      cm.setOption('mode', to.mode);
      cm.setOption('placeholder', to.sample);
    },
    /** [{text, note}] */
    setNames(list) { names = list; },
    mark(line, column) {
      clearMark();
      const at = { line: line - 1, ch: column - 1 };
      const token = cm.getTokenAt({ line: at.line, ch: at.ch + 1 });
      mark = cm.markText(at, { line: at.line, ch: Math.max(at.ch + 1, token.end) }, { className: 'wrong' });
      cm.setCursor(at);
    },
    clearMark,
    focus() { cm.focus(); },
    refresh() { cm.refresh(); },
  };
}
