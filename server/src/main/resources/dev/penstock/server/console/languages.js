// What can be typed in the workbench. A language is an entry here: its name, CodeMirror's mode, how a text is submitted (to be fetched later, or
// `direct`: the answer has the rows), formats of downloads, and what completion knows beside tables and columns.

const SQL_WORDS = `ALL AND AS ASC BETWEEN BY CASE CAST COUNT CREATE CROSS CURRENT_DATE DESC DESCRIBE DISTINCT ELSE END EXCEPT EXISTS EXPLAIN ANALYZE
EXTRACT FILTER FROM FULL GROUP HAVING IN INNER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT NATURAL NOT NULL NULLS FIRST LAST OFFSET ON OR
ORDER OUTER OVER PARTITION QUALIFY RECURSIVE RIGHT ROLLUP ROWS SELECT SHOW TABLES SUMMARIZE TABLE THEN UNION USING VALUES VIEW WHEN WHERE WINDOW WITH
AVG MAX MIN SUM COALESCE ROUND ABS LENGTH LOWER UPPER SUBSTRING TRIM DATE TIMESTAMP ROW_NUMBER RANK DENSE_RANK LAG LEAD`.split(/\s+/);

const PLAN_WORDS = `table+ values+ filter+ project+ bind+ join+ union+ intersect+ minus+ distinct+ group+ window+ sort+ top+ slice+ with+ recur+
map+ mapcat+ first+ pmap+ pmapcat+ pfilter+ preduce+ number+ reorder+ :inner :left :right :full :semi :anti :asc :desc
and or not = < > <= >= + - * / sum count avg min max if is-null like in between`.split(/\s+/);

const SPARQL_WORDS = `ASK BASE BIND CONSTRUCT COUNT DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP BY HAVING LIMIT MINUS NAMED NOT OFFSET OPTIONAL
ORDER PREFIX REDUCED SELECT SERVICE UNION VALUES WHERE a rdf: rdfs: xsd:`.split(/\s+/);

const FORMATS = [['csv', 'CSV'], ['parquet', 'Parquet'], ['arrow', 'Arrow'], ['json', 'JSON'], ['ndjson', 'JSON lines']];

const inBody = (key) => (text, options) => ({ path: '/v1/queries', type: 'application/json', body: JSON.stringify({ [key]: text, wait: false, ...options }) });

export const LANGUAGES = [
  {
    id: 'sql',
    name: 'SQL',
    mode: 'text/x-sql',
    words: SQL_WORDS,
    sample: 'SELECT …',
    submission: inBody('sql'),
    formats: FORMATS,
    explains: true,
    /** Tables are named in texts like this. */
    table: (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : '"' + name.replaceAll('"', '""') + '"'),
  },
  {
    id: 'plan',
    name: 'Plan',
    mode: 'text/x-clojure',
    words: PLAN_WORDS,
    sample: '(table+ people)',
    submission: inBody('plan'),
    formats: FORMATS,
    explains: false,
    table: (name) => name,
  },
  {
    id: 'sparql',
    name: 'SPARQL',
    mode: 'application/sparql-query',
    words: SPARQL_WORDS,
    sample: 'SELECT * WHERE { ?s ?p ?o } LIMIT 100',
    // the protocol answers with the rows
    direct: true,
    submission: (text, options) => ({ path: '/sparql' + (options.timeoutSeconds ? '?timeout=' + options.timeoutSeconds : ''), type: 'application/sparql-query', body: text, accept: 'text/tab-separated-values, text/turtle;q=0.9, application/sparql-results+json;q=0.5' }),
    formats: [['csv', 'CSV'], ['tsv', 'TSV'], ['json', 'JSON'], ['xml', 'XML']],
    explains: false,
    table: (name) => name,
  },
];

/** Those that the server takes. */
export const taken = (engine) => LANGUAGES.filter((l) => engine.languages.includes(l.id));
