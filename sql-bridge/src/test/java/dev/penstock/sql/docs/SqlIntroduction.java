package dev.penstock.sql.docs;

/** The part of docs/sql.md that is written by hand. */
final class SqlIntroduction {
  static final String TEXT =
      """
      # SQL

      What SQL Penstock understands. The list of functions is generated from the registry of the plan language, and each
      example in it is run by the tests. Where a result may differ from another database's: [sql-deviations.md](sql-deviations.md).

      ## Queries

      - `SELECT`, `WITH` (also `RECURSIVE`), `VALUES`, `FROM t` alone or before its `SELECT`, `TABLE t`; `SELECT *`, `t.*`, `* EXCLUDE (a) REPLACE (b + 1 AS b) RENAME (c AS d)`, `* LIKE 'x%'`; a comma behind the last item is allowed.
      - `FROM`: tables and views of the catalog, `'orders/*.parquet'` (files, globs and folders), `read_csv('x', delim => ';')`, `read_parquet`, `read_json`,
        `generate_series(1, 10)`, `range(10)`, `unnest(list)` (these three also with columns of what stands before them), sub-queries, `VALUES`, `LATERAL`;
        `sparql('SELECT ?s ?n { ?s :age ?n }')`, the solutions of a SPARQL query over the triples that are there (`--data people.ttl`, `SparqlTables.offer(store)`) as a table with
        the columns `s` and `n`: numbers, texts, booleans, dates by what the triples hold, IRIs as texts; [plan-language.md](plan-language.md) has the rules at `sparql+`. `sparql('staff', 'SELECT ...')` asks triples that the catalog file names.
      - Joins: `INNER` `LEFT` `RIGHT` `FULL` `CROSS` `NATURAL` `SEMI` `ANTI` `POSITIONAL`, `ON`, `USING`, comma.
      - `t TABLESAMPLE 10%`, `TABLESAMPLE RESERVOIR (5 ROWS) REPEATABLE (42)`, `BERNOULLI`, `SYSTEM` (as `BERNOULLI`), `USING SAMPLE` of one table.
      - Sub-queries in any expression: scalar, `EXISTS`, `IN`, `NOT IN`, `ANY`, `ALL`, correlated or not. They run as joins; none is run row by row.
      - `WHERE`, `GROUP BY` (expressions, positions, names of the select list, `ALL`, `ROLLUP`, `CUBE`, `GROUPING SETS`), `HAVING`, `QUALIFY`, `DISTINCT`, `DISTINCT ON (k)`.
      - `COLUMNS('regex')`, `COLUMNS(*)`, `COLUMNS(['a', 'b'])`, `COLUMNS(lambda c: c LIKE 'x%')` in an expression: once for each column, in `WHERE` for all of them; `AS 'x_\\1'`; `f(*COLUMNS(...))`: as arguments.
      - A name of the select list may stand in later items of it, and in `WHERE` where no column has it.
      - Aggregates with `DISTINCT`, `FILTER (WHERE ...)`, `ORDER BY` inside, `WITHIN GROUP (ORDER BY ...)`.
      - Window functions: `PARTITION BY`, `ORDER BY`, frames of `ROWS`, `RANGE` and `GROUPS`, `EXCLUDE`, aggregates with `ORDER BY` inside or `FILTER`, `IGNORE NULLS`, named windows.
      - `UNION`, `INTERSECT`, `EXCEPT`, each with `ALL`; `UNION [ALL] BY NAME`.
      - `ORDER BY` (expressions, positions, names; `NULLS FIRST`, `NULLS LAST`; nulls come last unless said), `LIMIT`, `OFFSET` (numbers, expressions also of the row around, sub-queries; `LIMIT 10%`), `FETCH FIRST`.
      - Parameters: `?`.

      ## Expressions

      - Arithmetic `+ - * /` (a DOUBLE), `//` (whole numbers), `%`, `^` (also `**`), `&`, `|`, `~x`, `<<`, `>>`; `||`; comparisons, `IS [NOT] DISTINCT FROM`, `BETWEEN`, `IN`.
      - `LIKE`, `ILIKE`, `SIMILAR TO`, `~` `~*` `!~` (regular expressions), `GLOB`, `CASE`, `CAST`, `::`, `TRY_CAST`, `COALESCE`, `NULLIF`.
      - `[1, 2]`, `ARRAY[1, 2]`, `{'a': 1}`, `list[1]`, `text[1:2]`; `unnest(list)` in a select list gives a row for each element;
        `list_transform(list, lambda x: x + 1)`, `list_filter(list, lambda x, i: x > i)` (also `x -> x + 1`).
      - `x'0aff'` (a BLOB), `E'a\\tb'`, `$$it's$$`, `DATE '...'`, `TIMESTAMP '...'`, `TIMESTAMPTZ '...'`, `INTERVAL 3 DAY`, `INTERVAL '1 year 2 months'`; `EXTRACT`, `DATE_TRUNC`.

      ## Types

      `BOOLEAN`, `INTEGER` (also for `TINYINT`, `SMALLINT`), `BIGINT`, `DOUBLE` (also for `REAL`), `DECIMAL(p, s)` to 38 digits, `VARCHAR` (a length is not looked at), `BLOB` (a text as a BLOB is its bytes, `\\xAB` the byte AB),
      `DATE`, `TIME`, `TIMESTAMP`, `TIMESTAMP WITH TIME ZONE`, `INTERVAL`, `UUID`, `JSON` (lists and structures are JSON).
      `DECIMAL(p1,s1) + DECIMAL(p2,s2)` is `DECIMAL(max(s1,s2) + max(p1-s1, p2-s2) + 1, max(s1,s2))`, `*` is `DECIMAL(p1+p2, s1+s2)`, both to at most 38 digits; an overflow is an error.

      ## Statements

      `CREATE [OR REPLACE] VIEW`, `CREATE [OR REPLACE] TABLE ... AS`, `CREATE TABLE t (column type, ...)`, `ALTER TABLE`, `INSERT [OR REPLACE] INTO`, `UPDATE`, `DELETE`, the three of them with `RETURNING`, `TRUNCATE`, `DROP`, `COPY ... TO`, `COPY ... FROM`,
      `EXPLAIN`, `EXPLAIN ANALYZE`, `DESCRIBE`, `SHOW [ALL] TABLES`, `PRAGMA table_info('t')`, `SUMMARIZE`, `SET`, `RESET`, `SHOW`, `PRAGMA`. More of them in [the bridge's own page](../sql-bridge/README.md).

      `information_schema.tables`, `information_schema.columns` and `information_schema.schemata` say what the catalog holds.

      ## Settings

      `SET name = value` (or `TO`), `RESET name`, `RESET ALL`, `SHOW name`, `SHOW ALL`: they hold for the statements of a session that come after, and `RESET` gives back what the program set.
      A catalog file may have them (`:settings`), and a request to a server (`settings`; it has no session, so `SET` is refused there).

      | name | value |
      |---|---|
      | `statement_timeout` | `'5s'`, `'1.5min'`, `'2h'`, a number of milliseconds, `0` for none: until the last row is read |
      | `queue_timeout` | the same: waiting for memory |
      | `idle_timeout` | the same: between two reads of a result |
      | `memory_limit` | `'64MB'`, `'2GiB'`: what one statement may hold; the rest is spilled |
      | `priority` | `low`, `normal`, `high` |
      | `integer_division` | `true`: whole numbers divide to whole numbers, by zero to null |
      | `default_null_order` | `nulls_first`, `nulls_last`, `nulls_first_on_asc_last_on_desc` (`sqlite`), `nulls_last_on_asc_first_on_desc` (`postgres`) |
      | `set_operations_left_to_right` | `true`: `UNION`, `EXCEPT` and `INTERSECT` bind alike |

      ## Functions

      Besides those below, which are made of them: `printf` and `format` (with a literal format), `add` `subtract` `multiply` `divide` `fdiv` `fmod`, `date_add`,
      `century` `decade` `era` `isodow` `isoyear` `millennium` `millisecond` `microsecond` `weekday` `yearweek`, `days_in_month`, `ago`, `timezone`, `encode`, `regexp_escape`,
      `like_escape` and its kin, `localtime`, `localtimestamp`; the aggregates `sem`, `geomean`, `wavg`, `fsum`, `kahan_sum`, `count_star`.
      """;

  private SqlIntroduction() {}
}
