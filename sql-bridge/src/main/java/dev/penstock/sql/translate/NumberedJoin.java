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
  private record Side(String table, Object form, List<String> columns, String number) {
    List<String> all() {
      List<String> out = new ArrayList<>(columns);
      out.add(number);
      return out;
    }
  }

  Relation translate(Join join) {
    Side left = side(translator.translate(join.getLeft(), Domain.NONE), "left");
    Side right = side(translator.translate(join.getRight(), Domain.NONE), "right");
    Relation l = again(left);
    Relation r = again(right);
    int n = left.columns().size();
    int m = right.columns().size();
    List<String> row = new ArrayList<>(l.columns().subList(0, n));
    row.addAll(r.columns().subList(0, m));
    Object cross = Form.call("join+", Form.key("cross"), l.form(), r.form());
    Relation matches =
        translator
            .subqueries()
            .filter(
                new Relation(cross, row, List.of()),
                join.getCondition(),
                join.getVariablesSet(),
                Domain.NONE);
    String first = l.columns().get(n);
    String second = r.columns().get(m);
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
    Object kept = Form.call("project+", Form.vec(Form.syms(columns)), body);
    return new Relation(Form.call("with+", tables, kept), columns, List.of());
  }

  private static Object on(String kind, String a, String b, Object left, Object right) {
    Object keys = Form.vec(Form.vec(Form.sym(a), Form.sym(b)));
    return Form.call("join+", Form.key(kind), keys, left, right);
  }

  private Side side(Relation r, String name) {
    String number = translator.name("number");
    Object columns = Form.call("project+", Form.vec(Form.syms(r.columns())), r.form());
    return new Side(
        translator.name(name),
        Form.call("number+", Form.sym(number), columns),
        r.columns(),
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
