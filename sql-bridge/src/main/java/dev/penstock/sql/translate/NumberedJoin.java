package dev.penstock.sql.translate;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.core.Join;

/**
 * Outer joins whose ON has sub-queries about both sides. The rows of both sides are numbered; which
 * numbers go together is an inner join with a filter above it, where sub-queries can be undone; the
 * outer join is then one on numbers.
 *
 * <pre>
 * left  = (number+ l L)   right = (number+ r R)
 * pairs = [l' r'] of (filter+ ON (join+ :cross left right))
 * LEFT    left  left join pairs on l = l'  left join right on r' = r
 * FULL    left  left join pairs on l = l'  full join right on r' = r
 * RIGHT   left inner join pairs on l = l' right join right on r' = r
 * </pre>
 */
final class NumberedJoin {
  private final Translator translator;

  NumberedJoin(Translator translator) {
    this.translator = translator;
  }

  /** A side under a name, with its number. */
  private record Side(
      String table, Object form, List<String> columns, List<String> domain, String number) {
    List<String> all() {
      List<String> out = new ArrayList<>(columns);
      out.addAll(domain);
      out.add(number);
      return out;
    }
  }

  /** Within a domain both sides have its columns, and rows of one outer value go together. */
  Relation translate(Join join, Domain domain) {
    Side left = side(translator.translate(join.getLeft(), domain), "left");
    Side right = side(translator.translate(join.getRight(), domain), "right");
    Relation l = again(left);
    Relation r = again(right);
    int n = left.columns().size();
    int m = right.columns().size();
    List<String> row = new ArrayList<>(l.columns().subList(0, n));
    row.addAll(r.columns().subList(0, m));
    int k = left.domain().size();
    List<Object> sameOuter = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      Object a = Form.sym(l.columns().get(n + i));
      sameOuter.add(Form.call("is-not-distinct", a, Form.sym(r.columns().get(m + i))));
    }
    Object cross = Joins.join("inner", sameOuter, l.form(), r.form());
    Relation matches =
        translator
            .subqueries()
            .filter(
                new Relation(cross, row, l.columns().subList(n, n + k)),
                join.getCondition(),
                join.getVariablesSet(),
                domain);
    String first = l.columns().get(n + k);
    String second = r.columns().get(m + k);
    Object pairs =
        Form.call("project+", Form.vec(Form.sym(first), Form.sym(second)), matches.form());
    String[] kinds =
        switch (join.getJoinType()) {
          case LEFT -> new String[] {"left", "left"};
          case FULL -> new String[] {"left", "full"};
          case RIGHT -> new String[] {"inner", "right"};
          default ->
              throw PenstockException.unsupported(
                  "sql-join", "a sub-query in the ON of a join of kind " + join.getJoinType());
        };
    Object leftRows = on(kinds[0], left.number(), first, Form.sym(left.table()), pairs);
    Object body = on(kinds[1], second, right.number(), leftRows, Form.sym(right.table()));
    List<String> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    Object tables =
        Form.vec(Form.sym(left.table()), left.form(), Form.sym(right.table()), right.form());
    List<Object> items = new ArrayList<>(Form.syms(columns));
    List<String> outer = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      Object a = Form.sym(left.domain().get(i));
      Object b = Form.sym(right.domain().get(i));
      String name = translator.name(left.domain().get(i));
      outer.add(name);
      items.add(
          Form.item(
              name,
              switch (join.getJoinType()) {
                case LEFT -> a;
                case RIGHT -> b;
                default -> Form.call("coalesce", a, b);
              }));
    }
    Object kept = Form.call("project+", Form.vec(items), body);
    return new Relation(Form.call("with+", tables, kept), columns, outer);
  }

  private static Object on(String kind, String a, String b, Object left, Object right) {
    Object keys = Form.vec(Form.vec(Form.sym(a), Form.sym(b)));
    return Form.call("join+", Form.key(kind), keys, left, right);
  }

  private Side side(Relation r, String name) {
    String number = translator.name("number");
    Object columns = Form.call("project+", Form.vec(Form.syms(r.all())), r.form());
    return new Side(
        translator.name(name),
        Form.call("number+", Form.sym(number), columns),
        r.columns(),
        r.domain(),
        number);
  }

  /** The side once more, under other names. */
  private Relation again(Side side) {
    List<Object> items = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (String column : side.all()) {
      String name = translator.name(column);
      names.add(name);
      items.add(Form.item(name, Form.sym(column)));
    }
    return new Relation(
        Form.call("project+", Form.vec(items), Form.sym(side.table())), names, List.of());
  }
}
