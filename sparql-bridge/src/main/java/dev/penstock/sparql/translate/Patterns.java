package dev.penstock.sparql.translate;

import clojure.lang.Symbol;
import dev.penstock.sparql.store.TripleStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.sparql.core.BasicPattern;
import org.apache.jena.sparql.core.Var;
import org.jspecify.annotations.Nullable;

/** Basic graph patterns: a scan for each triple pattern, joined. */
final class Patterns {
  private static final String[] PARTS = {"s", "p", "o"};

  private final Translator translator;

  Patterns(Translator translator) {
    this.translator = translator;
  }

  Relation bgp(BasicPattern pattern, GraphScope g) {
    List<Relation> left = new ArrayList<>();
    for (Triple t : pattern.getList()) {
      left.add(triple(t.getSubject(), t.getPredicate(), t.getObject(), g));
    }
    if (left.isEmpty()) {
      return translator.graphs().within(Relation.unit(), g);
    }
    Relation all = left.remove(0);
    while (!left.isEmpty()) {
      all = translator.joins().join(all, left.remove(connected(all, left)));
    }
    return all;
  }

  /** One that shares a variable, else the next: the optimizer orders within what is connected. */
  private static int connected(Relation all, List<Relation> left) {
    for (int i = 0; i < left.size(); i++) {
      if (left.get(i).vars().keySet().stream().anyMatch(all::has)) {
        return i;
      }
    }
    return 0;
  }

  /** The matches of one triple pattern. */
  Relation triple(Node s, Node p, Node o, GraphScope g) {
    Node[] parts = {s, p, o};
    List<Object> options = new ArrayList<>();
    for (int k = 0; k < parts.length; k++) {
      if (parts[k].isConcrete()) {
        options.add(PARTS[k]);
        options.add(id(parts[k]));
      } else if (!Var.isVar(parts[k])) {
        throw Refusals.unsupported("the pattern " + s + " " + p + " " + o);
      }
    }
    return scan(parts, options, g, g.hidden() == null && g.graphs().size() > 1);
  }

  private long id(Node term) {
    if (term.isTripleTerm()) {
      throw Refusals.unsupported("a triple within a triple");
    }
    return translator.terms().encode(term);
  }

  /**
   * A scan of the store whose columns s, p, o stand for the given parts.
   *
   * @param parts null where a column is not there
   * @param merge whether the same triple may come from several graphs, and is one
   */
  Relation scan(@Nullable Node[] parts, List<Object> options, GraphScope g, boolean merge) {
    List<Object> all = new ArrayList<>(options);
    all.addAll(List.of("graphs", new TripleStore.GraphIds(g.graphs())));
    all.addAll(List.of("state", translator.env().state()));
    List<Object> columns = new ArrayList<>();
    List<Object> equal = new ArrayList<>();
    Map<Var, Boolean> vars = new LinkedHashMap<>();
    for (int k = 0; k < PARTS.length; k++) {
      if (parts[k] != null && Var.isVar(parts[k])) {
        Var v = Var.alloc(parts[k]);
        Symbol name = vars.containsKey(v) ? translator.fresh(v) : Relation.column(v);
        columns.add(Form.item(name, Form.sym(PARTS[k])));
        if (vars.put(v, true) != null) {
          equal.add(Form.call("=", Relation.column(v), name));
        }
      } else if (merge && parts[k] != null) {
        columns.add(Form.item(translator.fresh(Var.alloc("c")), Form.sym(PARTS[k])));
      }
    }
    if (g.hidden() != null) {
      vars.put(g.hidden(), true);
      columns.add(Form.item(Relation.column(g.hidden()), Form.sym("g")));
    }
    boolean none = vars.isEmpty();
    if (none && !merge) {
      columns.add(Form.item(Relation.HASH, Form.sym("s")));
    }
    Object form =
        Form.call(
            "table+", Form.sym(translator.store()), Form.vec(columns), Form.options(all.toArray()));
    if (merge) {
      form = Form.call("distinct+", form);
    }
    if (!equal.isEmpty()) {
      form = Form.call("filter+", Form.and(equal), form);
    }
    if (columns.size() == vars.size() || (none && !merge)) {
      return Relation.of(form, vars);
    }
    // columns that only made a pattern or a merge right
    List<Object> items = new ArrayList<>();
    vars.keySet().forEach(v -> items.add(Relation.column(v)));
    if (none) {
      items.add(Form.item(Relation.HASH, 0L));
    }
    return Relation.of(Form.call("project+", Form.vec(items), form), vars);
  }
}
