package dev.penstock.sql.translate;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.calcite.SqlPlanner;
import dev.penstock.sql.calcite.SqlTypes;
import dev.penstock.sql.calcite.Tables;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.TableSpool;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.schema.TransientTable;

/**
 * Calcite's relational nodes to a plan. One use, one thread.
 *
 * <p>{@link #translate} takes a domain: with one, the result has the domain's columns too, and
 * holds for each of the outer values the rows that the relation has for them.
 */
public final class Translator {
  private final Scalars scalars = new Scalars(this);
  private final Subqueries subqueries = new Subqueries(this);
  private final Aggregates aggregates = new Aggregates(this);
  private final Windows windows = new Windows(this);
  private final Joins joins = new Joins(this);
  private final Set<String> names = new HashSet<>();
  private final Map<SameRel, Relation> repeated = new HashMap<>();
  private final Map<String, Recursion> recursions = new HashMap<>();
  private final RexBuilder rexBuilder;
  private final CancellationToken token;

  /** A recursive table while its step is translated. */
  private record Recursion(String name, List<String> columns) {}

  /** Equal nodes, equal keys. */
  private static final class SameRel {
    private final RelNode rel;
    private final int hash;

    SameRel(RelNode rel) {
      this.rel = rel;
      this.hash = rel.deepHashCode();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof SameRel s && s.hash == hash && s.rel.deepEquals(rel);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private Translator(RexBuilder rexBuilder, CancellationToken token) {
    this.rexBuilder = rexBuilder;
    this.token = token;
  }

  /**
   * The plan of a query; its columns have the query's names, made unique.
   *
   * @param token checked at each node and expression
   */
  public static Object plan(SqlPlanner.Planned query, CancellationToken token) {
    RelRoot root = query.root();
    Translator t = new Translator(root.rel.getCluster().getRexBuilder(), token);
    Relation r = t.translate(root.rel, Domain.NONE);
    List<Object> items = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (Map.Entry<Integer, String> field : root.fields) {
      String column = r.columns().get(field.getKey());
      String name = unique(outputName(field.getValue(), query.unnamed()), taken);
      items.add(name.equals(column) ? Form.sym(name) : Form.item(name, Form.sym(column)));
    }
    return Form.call("project+", Form.vec(items), r.form());
  }

  private static String outputName(String name, Map<String, String> unnamed) {
    String text = unnamed.get(name);
    return text != null
        ? text
        : name.startsWith("EXPR$") ? "col" + name.substring("EXPR$".length()) : name;
  }

  private static String unique(String name, Set<String> taken) {
    String base = name.isEmpty() ? "column" : name;
    String out = base;
    for (int i = 1; !taken.add(out); i++) {
      out = base + "_" + i;
    }
    return out;
  }

  CancellationToken token() {
    return token;
  }

  RexBuilder rexBuilder() {
    return rexBuilder;
  }

  Scalars scalars() {
    return scalars;
  }

  Subqueries subqueries() {
    return subqueries;
  }

  /** A new column name, near to what it should be called. */
  String name(String wanted) {
    String base = wanted.startsWith("EXPR$") || wanted.startsWith("$") ? "v" : wanted;
    return unique(base, names);
  }

  List<String> names(RelNode rel) {
    List<String> out = new ArrayList<>();
    for (String n : rel.getRowType().getFieldNames()) {
      out.add(name(n));
    }
    return out;
  }

  /** A relation as a plan, for each of the domain's outer values. */
  Relation translate(RelNode rel, Domain domain) {
    token.check();
    if (!domain.isNone() && !uses(rel, domain)) {
      return cross(translate(rel, Domain.NONE), domain);
    }
    // what lies in the step of a recursion names the rows of that step
    if (domain.isNone() && recursions.isEmpty() && worthSharing(rel)) {
      SameRel key = new SameRel(rel);
      Relation before = repeated.get(key);
      if (before != null) {
        return renamed(before, rel);
      }
      Relation now = dispatch(rel, domain);
      repeated.put(key, now);
      return now;
    }
    return dispatch(rel, domain);
  }

  static boolean uses(RelNode rel, Domain domain) {
    return FreeVariables.of(rel).stream().anyMatch(domain.keys()::contains);
  }

  /** Every outer value with every row. */
  private Relation cross(Relation r, Domain domain) {
    return new Relation(
        Form.call("join+", Form.key("cross"), domainCopy(domain), r.form()), r.columns(), lastCopy);
  }

  private List<String> lastCopy = List.of();

  /** The domain's rows under new names, which are in lastCopy. */
  private Object domainCopy(Domain domain) {
    List<Object> items = new ArrayList<>();
    List<String> copied = new ArrayList<>();
    for (String c : domain.columns()) {
      String n = name(c);
      copied.add(n);
      items.add(Form.item(n, Form.sym(c)));
    }
    lastCopy = copied;
    return Form.call("project+", Form.vec(items), domain.form());
  }

  /** The domain alone: a relation without columns of its own. */
  Relation domainOnly(Domain domain) {
    Object form = domainCopy(domain);
    return new Relation(form, List.of(), lastCopy);
  }

  private static boolean worthSharing(RelNode rel) {
    return rel instanceof Aggregate
        || rel instanceof Join
        || rel instanceof SetOp
        || rel instanceof Sort;
  }

  private Relation renamed(Relation before, RelNode rel) {
    List<String> fresh = names(rel);
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < fresh.size(); i++) {
      items.add(Form.item(fresh.get(i), Form.sym(before.columns().get(i))));
    }
    return new Relation(Form.call("project+", Form.vec(items), before.form()), fresh, List.of());
  }

  private Relation dispatch(RelNode rel, Domain domain) {
    if (rel instanceof TableScan scan) {
      return scan(scan);
    }
    if (rel instanceof Filter filter) {
      return subqueries.filter(filter, domain);
    }
    if (rel instanceof Project project) {
      return project(project, domain);
    }
    if (rel instanceof Aggregate aggregate) {
      return aggregates.translate(aggregate, domain);
    }
    if (rel instanceof Join join) {
      return joins.translate(join, domain);
    }
    if (rel instanceof Correlate correlate) {
      return joins.lateral(correlate, domain);
    }
    if (rel instanceof Sort sort) {
      return sort(sort, domain);
    }
    if (rel instanceof Values values) {
      return values(values);
    }
    if (rel instanceof SetOp set) {
      return setOp(set, domain);
    }
    if (rel instanceof RepeatUnion repeat) {
      return recursion(repeat);
    }
    if (rel instanceof TableSpool spool) {
      return translate(spool.getInput(), domain);
    }
    throw PenstockException.unsupported(
        "sql-relation",
        rel.getRelTypeName().replace("Logical", "").toLowerCase(Locale.ROOT)
            + " is not supported in SQL yet");
  }

  private Relation scan(TableScan scan) {
    List<String> path = scan.getTable().getQualifiedName();
    Recursion recursion = recursions.get(path.get(path.size() - 1));
    if (recursion != null && scan.getTable().unwrap(TransientTable.class) != null) {
      Relation last = new Relation(Form.sym(recursion.name()), recursion.columns(), List.of());
      return renamed(last, scan);
    }
    Tables.Found found = SqlPlanner.found(scan.getTable());
    List<String> columns = names(scan);
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String source = found.fields().get(i).name();
      items.add(
          source.equals(columns.get(i))
              ? Form.sym(source)
              : Form.item(columns.get(i), Form.sym(source)));
    }
    if (found.ref() instanceof clojure.lang.IPersistentList) {
      return new Relation(Form.call("project+", Form.vec(items), found.ref()), columns, List.of());
    }
    Object form =
        found.options() == null
            ? Form.call("table+", found.ref(), Form.vec(items))
            : Form.call("table+", found.ref(), Form.vec(items), found.options());
    return new Relation(form, columns, List.of());
  }

  private Relation project(Project project, Domain domain) {
    Relation input = translate(project.getInput(), domain);
    Scope scope = new Scope(input, project.getVariablesSet(), domain);
    if (!domain.isNone() && project.getInput() instanceof Sort sort) {
      scope.order = Order.items(sort.getCollation(), input.columns());
    }
    RowFunctions.add(this, project, scope);
    windows.add(project, scope);
    List<String> columns = new ArrayList<>();
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < project.getProjects().size(); i++) {
      String name = name(project.getRowType().getFieldNames().get(i));
      columns.add(name);
      items.add(Form.item(name, typed(project.getProjects().get(i), scope)));
    }
    List<String> outer = scope.relation().domain();
    items.addAll(Form.syms(outer));
    return new Relation(
        Form.call("project+", Form.vec(items), scope.relation().form()), columns, outer);
  }

  /** An item of a projection; a null or a literal has the type that Calcite found for it. */
  private @org.jspecify.annotations.Nullable Object typed(RexNode node, Scope scope) {
    if (node instanceof RexLiteral literal && !literal.isNull()) {
      return Literals.typed(literal);
    }
    Object form = scalars.form(node, scope);
    DataType type = form == null ? SqlTypes.data(node.getType()) : null;
    return type == null ? form : Form.call("cast", null, Form.type(type));
  }

  private Relation sort(Sort sort, Domain domain) {
    Relation input = translate(sort.getInput(), domain);
    List<Object> items = Order.items(sort.getCollation(), input.columns());
    Long offset = number(sort.offset);
    Long limit = number(sort.fetch);
    if (!domain.isNone()) {
      return offset == null && limit == null
          ? input
          : windows.slice(input, items, offset == null ? 0 : offset, limit, this);
    }
    Object form = input.form();
    if (!items.isEmpty()) {
      form =
          limit != null && (offset == null || offset == 0)
              ? Form.call("top+", limit, Form.vec(items), form)
              : Form.call("sort+", Form.vec(items), form);
    }
    boolean cut = items.isEmpty() ? limit != null || offset != null : offset != null && offset > 0;
    return input.with(cut ? Form.call("slice+", offset == null ? 0L : offset, limit, form) : form);
  }

  static @org.jspecify.annotations.Nullable Long number(
      @org.jspecify.annotations.Nullable RexNode node) {
    if (node == null) {
      return null;
    }
    if (node instanceof RexLiteral literal) {
      BigDecimal value = literal.getValueAs(BigDecimal.class);
      long rows =
          value == null ? Long.MAX_VALUE : value.setScale(0, RoundingMode.HALF_UP).longValueExact();
      return rows == Long.MAX_VALUE ? null : rows;
    }
    throw PenstockException.unsupported(
        "sql-limit", "LIMIT and OFFSET take a number; " + node + " is an expression");
  }

  private Relation values(Values values) {
    List<String> columns = names(values);
    List<Object> heads = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (RelDataTypeField f : values.getRowType().getFieldList()) {
      DataType type = SqlTypes.data(f.getType());
      types.add(type == null ? DataType.INT32 : type);
      heads.add(Form.item(columns.get(f.getIndex()), Form.type(types.get(f.getIndex()))));
    }
    List<Object> rows = new ArrayList<>();
    for (List<RexLiteral> tuple : values.getTuples()) {
      List<@org.jspecify.annotations.Nullable Object> row = new ArrayList<>();
      for (int i = 0; i < tuple.size(); i++) {
        row.add(Literals.cell(tuple.get(i), types.get(i)));
      }
      rows.add(Form.vec(row));
    }
    return new Relation(Form.call("values+", Form.vec(heads), Form.vec(rows)), columns, List.of());
  }

  private Relation setOp(SetOp set, Domain domain) {
    List<Relation> inputs = new ArrayList<>();
    for (RelNode input : SetOperations.inputs(set)) {
      Relation r = translate(input, domain);
      List<Object> items = new ArrayList<>(Form.syms(r.all()));
      SetOperations.untypedNulls(input, set)
          .forEach((i, typed) -> items.set(i, Form.item(r.columns().get(i), typed)));
      inputs.add(r.with(Form.call("project+", Form.vec(items), r.form())));
    }
    return inputs.get(0).with(SetOperations.form(set, inputs));
  }

  private Relation recursion(RepeatUnion repeat) {
    Relation seed = translate(repeat.getSeedRel(), Domain.NONE);
    List<String> columns = seed.columns();
    String name = name("recursive");
    String table = spoolName(repeat.getIterativeRel());
    Recursion outer = recursions.put(table, new Recursion(name, columns));
    Relation step = translate(repeat.getIterativeRel(), Domain.NONE);
    if (outer == null) {
      recursions.remove(table);
    } else {
      recursions.put(table, outer);
    }
    Object seedForm = Form.call("project+", Form.vec(Form.syms(columns)), seed.form());
    Object stepForm = Form.call("project+", Form.vec(Form.syms(step.columns())), step.form());
    Object binding = Form.vec(Form.sym(name), seedForm);
    Relation r =
        new Relation(
            repeat.all
                ? Form.call("recur+", binding, stepForm, Form.options("all", true))
                : Form.call("recur+", binding, stepForm),
            columns,
            List.of());
    return renamed(r, repeat);
  }

  private static String spoolName(RelNode rel) {
    if (rel instanceof TableSpool) {
      List<String> path =
          ((org.apache.calcite.rel.logical.LogicalTableSpool) rel).getTable().getQualifiedName();
      return path.get(path.size() - 1);
    }
    throw PenstockException.unsupported(
        "sql-recursion", "this form of WITH RECURSIVE is not supported");
  }

  /** Does an expression need more of the rows under it: a sub-query, or a number to draw by? */
  static boolean hasSubquery(RexNode node) {
    return RexUtil.SubQueryFinder.find(node) != null || Scalars.draws(node);
  }

  /** Are the expressions free of windows and sub-queries? */
  static boolean isPlain(List<RexNode> nodes) {
    return !RexOver.containsOver(nodes, null)
        && !RowFunctions.in(nodes)
        && nodes.stream().noneMatch(Translator::hasSubquery);
  }
}
