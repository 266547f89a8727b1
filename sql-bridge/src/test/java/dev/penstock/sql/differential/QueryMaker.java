package dev.penstock.sql.differential;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes queries over tables. One use for each query: it counts names. */
final class QueryMaker {
  static final double MOST_ROWS = 30_000;
  private static final double MOST_NESTED = 400_000;
  final Dice dice;
  final List<Table> tables;
  final Expressions expressions;

  /** Queries of WITH that may be named. */
  final List<Named> with = new ArrayList<>();

  private final Froms froms;
  private final Groups groups;
  private final Windows windows;
  private final Subqueries subqueries;
  private int names;
  private int nesting;
  private boolean windowsAllowed = true;

  /** A query with a name. */
  record Named(String name, Query query) {}

  QueryMaker(Dice dice, List<Table> tables) {
    this.dice = dice;
    this.tables = tables;
    this.expressions = new Expressions(dice, this);
    this.froms = new Froms(this);
    this.groups = new Groups(this);
    this.windows = new Windows(this);
    this.subqueries = new Subqueries(this);
  }

  Subqueries subqueries() {
    return subqueries;
  }

  Groups groups() {
    return groups;
  }

  String name(String prefix) {
    return prefix + names++;
  }

  /** May an expression over the scope hold sub-queries? */
  boolean mayNest(Scope s) {
    return nesting < 2 && s.volume() < MOST_NESTED;
  }

  /** Without sub-queries in expressions, until {@link #mayNestAgain}. */
  void plain() {
    nesting += 10;
  }

  boolean isPlain() {
    return nesting >= 10;
  }

  void mayNestAgain() {
    nesting -= 10;
  }

  /** A condition whose sub-queries hold no windows: docs/sql-deviations.md. */
  Term withoutWindows(Scope s) {
    boolean before = windowsAllowed;
    windowsAllowed = false;
    try {
      return expressions.condition(s, 1);
    } finally {
      windowsAllowed = before;
    }
  }

  /** A whole query. */
  Query make() {
    List<Term> definitions = new ArrayList<>();
    boolean recursive = dice.chance(5);
    if (recursive) {
      definitions.add(recursion());
    }
    for (int i = dice.chance(20) ? dice.between(1, 2) : 0; i > 0; i--) {
      Query q = query(null, null, 2);
      String name = name("w");
      with.add(new Named(name, q));
      definitions.add(Term.clause(name, " AS (", q.sql(), ")"));
    }
    Query body = ordered(query(null, null, 3), 60);
    if (definitions.isEmpty()) {
      return body;
    }
    Term sql =
        Term.clause(
            recursive ? "WITH RECURSIVE " : "WITH ", Term.list(", ", definitions), " ", body.sql());
    return new Query(sql, body.columns(), body.ordered(), body.volume());
  }

  /** Counts up, or walks along an expression of a table. */
  private Term recursion() {
    String name = name("r");
    Table table = dice.of(tables);
    if (table.rows().size() < 100 && dice.chance(50)) {
      return walk(name, table);
    }
    Scope s = froms.table(table);
    plain();
    Term seed = expressions.exact(Type.INT, s, 1);
    Term text = expressions.exact(Type.VARCHAR, s, 1);
    Scope own =
        new Scope(
            List.of(
                Term.of(Type.INT, "n").bound(20),
                Term.of(Type.INT, "x").bound(1e9),
                Term.of(Type.VARCHAR, "y")),
            null,
            100);
    Term next = expressions.exact(Type.INT, own, 2);
    mayNestAgain();
    Term sql =
        Term.clause(
            name + "(n, x, y) AS (SELECT 0, ",
            seed,
            ", ",
            text,
            " FROM " + froms.last(),
            dice.of(" UNION ALL", " UNION"),
            " SELECT n + 1, (",
            next,
            " % 1000), y FROM " + name + " WHERE n < " + dice.between(1, 5) + ")");
    Query q =
        new Query(
            sql,
            List.of(
                Term.of(Type.INT, "n").bound(20),
                Term.of(Type.INT, "x").bound(0x80000000L),
                Term.of(Type.VARCHAR, "y")),
            false,
            s.volume() * 6);
    with.add(new Named(name, q));
    return sql;
  }

  /** From row to row of a table. */
  private Term walk(String name, Table table) {
    List<Term> numbers = froms.table(table).of(Type.INT);
    String from = froms.last();
    Term key = dice.of(numbers);
    Scope next = froms.table(table);
    Term sql =
        Term.clause(
            name + "(x, n) AS (SELECT " + key + ", 0 FROM " + from,
            " UNION SELECT ",
            dice.of(next.of(Type.INT)).again(),
            ", n + 1 FROM " + name + " JOIN " + froms.last() + " ON " + name + ".x = ",
            dice.of(next.of(Type.INT)).again(),
            " WHERE n < " + dice.between(1, 4) + ")");
    List<Term> columns =
        List.of(Term.of(Type.INT, "x").bound(0x80000000L), Term.of(Type.INT, "n").bound(20));
    with.add(new Named(name, new Query(sql, columns, false, table.rows().size() * 6.0)));
    return sql;
  }

  /** A query in a query: without order, but perhaps with a limit. */
  Query query(@Nullable Scope outer, @Nullable List<Type> types, int depth) {
    nesting++;
    try {
      Query q =
          dice.chance(12) && depth > 0
              ? setOperation(outer, types, depth)
              : select(outer, types, depth);
      return outer == null && dice.chance(8) ? ordered(q, 100) : q;
    } finally {
      nesting--;
    }
  }

  /** With a total order, if that can be; then perhaps with a limit. */
  Query ordered(Query q, int percentLimit) {
    if (!q.exact() || q.ordered() || q.sql().toString().startsWith("(") || dice.chance(30)) {
      return q;
    }
    List<Term> items = new ArrayList<>();
    List<Integer> columns = new ArrayList<>();
    for (int i = 1; i <= q.columns().size(); i++) {
      columns.add(dice.below(columns.size() + 1), i);
    }
    for (int c : columns) {
      items.add(
          Term.clause(
              dice.chance(30) ? q.columns().get(c - 1).toString() : "" + c,
              dice.of("", "", " ASC", " DESC"),
              dice.of("", "", " NULLS FIRST", " NULLS LAST")));
    }
    Term sql = Term.clause(q.sql(), " ORDER BY ", Term.list(", ", items));
    String text = q.sql().toString();
    if (dice.chance(4)) {
      sql = Term.clause(q.sql(), " ORDER BY ALL" + dice.of("", " DESC", " NULLS FIRST"));
    } else if (dice.chance(5)) {
      String name = name("q");
      sql =
          Term.clause(
              "SELECT DISTINCT ON (" + q.columns().get(columns.get(0) - 1) + ") * FROM (",
              q.sql(),
              ") AS " + name + " ORDER BY ",
              Term.list(", ", distinctOn(q, columns)));
    } else if (dice.chance(15)
        && text.startsWith("SELECT ")
        && !text.matches("(?s).*(DISTINCT|UNION|INTERSECT|EXCEPT|GROUP BY).*")) {
      items.add(0, Term.clause(expressions.ordered(ofColumns(q))));
      sql = Term.clause(q.sql(), " ORDER BY ", Term.list(", ", items));
    }
    if (dice.chance(percentLimit)) {
      limit(sql);
    }
    return new Query(sql, q.columns(), true, q.volume());
  }

  /** An expression over the columns of a query. */
  private Term ofColumns(Query q) {
    Scope s = new Scope(q.columns(), null, 1e9);
    return expressions.exact(expressions.likelyType(s), s, 1);
  }

  private List<Term> distinctOn(Query q, List<Integer> columns) {
    List<Term> items = new ArrayList<>();
    for (int c : columns) {
      items.add(
          Term.clause(q.columns().get(c - 1).toString(), dice.of("", " DESC", " NULLS FIRST")));
    }
    return items;
  }

  private void limit(Term sql) {
    int rows = dice.of(0, 1, 3, 10, 1000);
    String offset = dice.chance(40) ? " OFFSET " + dice.of(0, 1, 5, 2000) : "";
    switch (dice.below(6)) {
      case 0 -> {
        sql.add(Term.optional(offset.isEmpty() ? "" : offset + " ROWS"));
        sql.add(Term.optional(" FETCH FIRST " + rows + " ROWS ONLY"));
      }
      case 1 -> sql.add(Term.optional(" LIMIT ", new Term.Parameter(rows)));
      default -> {
        sql.add(Term.optional(" LIMIT " + rows));
        sql.add(Term.optional(offset));
      }
    }
  }

  private Query setOperation(@Nullable Scope outer, @Nullable List<Type> wanted, int depth) {
    List<Type> types = wanted;
    if (types == null) {
      types = new ArrayList<>();
      for (int i = dice.between(1, 4); i > 0; i--) {
        types.add(expressions.anyType());
      }
    }
    Query a = select(outer, types, depth - 1);
    Query b = dice.chance(10) ? values(types, a) : beside(outer, types, depth, List.of(a));
    Term sql =
        Term.clause(
            dice.chance(15) ? nested(outer, types, depth, a, b) : a.sql(),
            dice.of(
                " UNION ALL ",
                " UNION ",
                " INTERSECT ",
                " EXCEPT ",
                " INTERSECT ALL ",
                " EXCEPT ALL "),
            b.sql());
    List<Term> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      Term c = a.columns().get(i).again();
      // what both sides may give: forget the bound
      columns.add(c.type == Type.DECIMAL ? c.bound(1e30).decimal(38, 10) : c.bound(0x1p63));
    }
    return new Query(sql, columns, false, a.volume() + b.volume());
  }

  /**
   * A select whose decimals fit beside those of the others: docs/sql-deviations.md, wide decimals.
   */
  private Query beside(@Nullable Scope outer, List<Type> types, int depth, List<Query> others) {
    for (int i = 0; i < 20; i++) {
      Query made = select(outer, types, depth - 1);
      if (others.stream().allMatch(o -> fits(o.columns(), made.columns()))) {
        return made;
      }
    }
    List<Term> nulls = types.stream().map(t -> Term.clause("NULL")).toList();
    return new Query(Term.clause("SELECT ", Term.list(", ", nulls)), List.of(), false, 1);
  }

  private static boolean fits(List<Term> a, List<Term> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      Term x = a.get(i);
      Term y = b.get(i);
      int whole = Math.max(x.precision - x.scale, y.precision - y.scale);
      if (x.type == Type.DECIMAL && whole + Math.max(x.scale, y.scale) > 38) {
        return false;
      }
    }
    return true;
  }

  private Query values(List<Type> types, Query other) {
    List<Term> rows = new ArrayList<>();
    for (int i = dice.between(1, 3); i > 0; i--) {
      List<Term> row = new ArrayList<>();
      types.forEach(t -> row.add(expressions.literal(t)));
      if (fits(other.columns(), row)) {
        rows.add(Term.clause("(", Term.list(", ", row), ")"));
      }
    }
    if (rows.isEmpty()) {
      List<Term> nulls = types.stream().map(t -> Term.clause("NULL")).toList();
      rows.add(Term.clause("(", Term.list(", ", nulls), ")"));
    }
    return new Query(Term.clause("VALUES ", Term.list(", ", rows)), List.of(), false, 3);
  }

  private Term nested(@Nullable Scope outer, List<Type> types, int depth, Query a, Query behind) {
    return Term.clause(
        "(",
        a.sql(),
        dice.of(" UNION ALL ", " EXCEPT "),
        beside(outer, types, depth, List.of(a, behind)).sql(),
        ")");
  }

  Query select(@Nullable Scope outer, @Nullable List<Type> types, int depth) {
    Scope from = froms.make(outer, depth);
    Term text = froms.text();
    List<Term> shared = froms.shared();
    Term sql = Term.clause();
    Term where =
        dice.chance(55)
            ? Term.optional(" WHERE ", expressions.condition(from, Math.max(1, depth)))
            : Term.clause();
    Scope scope = from;
    Term group = Term.clause();
    boolean grouped = dice.chance(30);
    List<Term> keys = List.of();
    if (grouped) {
      scope = groups.make(from, depth);
      group = groups.text();
      keys = groups.written();
      if (types == null && !keys.isEmpty() && dice.chance(12)) {
        return groupedByAll(text, where, groups.aggregates(), keys, from.volume());
      }
    }
    Term qualify = Term.clause();
    Term named = Term.clause();
    if (types == null && windowsAllowed && dice.chance(18)) {
      windows.begin();
      boolean qualified = dice.chance(25) && !grouped;
      boolean alone = qualified && dice.chance(50);
      if (qualified) {
        qualify = Term.optional(" QUALIFY ", windows.filter(scope, alone));
      }
      if (!alone) {
        scope = windows.add(scope, grouped);
        named = windows.named();
      }
    }
    List<Term> items = new ArrayList<>();
    List<Term> columns = new ArrayList<>();
    List<Term> expressionsOfItems = new ArrayList<>();
    int n = types == null ? dice.between(1, 5) : types.size();
    boolean windows =
        scope.terms().stream().anyMatch(t -> t.toString().matches(".*( OVER \\(|STRING_AGG).*"));
    // DISTINCT over windows over groups: docs/sql-deviations.md
    boolean distinct = !windows && dice.chance(12);
    for (int i = 0; i < n; i++) {
      Type type = types == null ? expressions.likelyType(scope) : types.get(i);
      Term e =
          types != null || distinct
              ? expressions.exact(type, scope, depth)
              : expressions.make(type, scope, dice.below(Math.max(0, depth) + 1));
      String name = name("c");
      items.add(Term.clause(e, " AS " + name));
      columns.add(e.named(name));
      expressionsOfItems.add(e);
    }
    byPosition(keys, expressionsOfItems, columns);
    if (types == null && !grouped && from.outer() == null && !distinct && dice.chance(6)) {
      star(text.toString(), from, items, columns);
    }
    if (types == null && !grouped && !windows && !shared.isEmpty()) {
      Term alone = dice.of(shared);
      String name = name("c");
      items.add(Term.clause(alone, " AS " + name));
      columns.add(alone.named(name));
    }
    sql.add(distinct ? "SELECT DISTINCT " : "SELECT ");
    sql.add(Term.list(", ", items));
    sql.add(text);
    sql.add(where);
    sql.add(group);
    sql.add(named);
    sql.add(qualify);
    return new Query(sql, columns, false, from.volume());
  }

  /** Some keys that are items too by their position or name. */
  private void byPosition(List<Term> keys, List<Term> items, List<Term> columns) {
    for (Term key : keys) {
      String text = key.toString();
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i).toString().equals(text) && dice.chance(50)) {
          key.parts.clear();
          key.add(dice.chance(50) ? "" + (i + 1) : columns.get(i).toString());
          break;
        }
      }
    }
  }

  private Query groupedByAll(
      Term from, Term where, List<Term> aggregates, List<Term> keys, double volume) {
    List<Term> items = new ArrayList<>();
    List<Term> columns = new ArrayList<>();
    List<Term> terms = new ArrayList<>(aggregates);
    keys.forEach(k -> terms.add(dice.below(terms.size() + 1), k));
    for (Term t : terms) {
      String name = name("c");
      items.add(Term.clause(t.again(), " AS " + name));
      columns.add(t.named(name));
    }
    return new Query(
        Term.clause("SELECT ", Term.list(", ", items), from, where, " GROUP BY ALL"),
        columns,
        false,
        volume);
  }

  /** All columns of one of the tables, with a star. */
  private void star(String from, Scope scope, List<Term> items, List<Term> columns) {
    if (from.contains("USING") || from.contains("NATURAL") || scope.terms().isEmpty()) {
      return;
    }
    String relation = dice.of(scope.terms()).toString().replaceAll("\\..*", ".");
    if (!relation.endsWith(".")) {
      return;
    }
    items.add(Term.clause(relation + "*"));
    for (Term t : scope.terms()) {
      if (t.toString().startsWith(relation)) {
        columns.add(t.named(t.toString().substring(relation.length())));
      }
    }
  }
}
