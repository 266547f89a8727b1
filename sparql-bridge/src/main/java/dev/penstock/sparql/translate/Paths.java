package dev.penstock.sparql.translate;

import clojure.lang.Symbol;
import dev.penstock.sparql.path.PathSource;
import dev.penstock.sparql.path.Steps;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.core.TriplePath;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.path.P_Alt;
import org.apache.jena.sparql.path.P_Inverse;
import org.apache.jena.sparql.path.P_Link;
import org.apache.jena.sparql.path.P_NegPropSet;
import org.apache.jena.sparql.path.P_OneOrMore1;
import org.apache.jena.sparql.path.P_OneOrMoreN;
import org.apache.jena.sparql.path.P_Path1;
import org.apache.jena.sparql.path.P_ReverseLink;
import org.apache.jena.sparql.path.P_Seq;
import org.apache.jena.sparql.path.P_ZeroOrMore1;
import org.apache.jena.sparql.path.P_ZeroOrMoreN;
import org.apache.jena.sparql.path.P_ZeroOrOne;
import org.apache.jena.sparql.path.Path;
import org.jspecify.annotations.Nullable;

/**
 * Property paths: sequences are joins, alternatives unions, negated sets filters, as they keep
 * duplicates; {@code ? * +} do not, and are walked by a source of their own.
 */
final class Paths {
  private final Translator translator;

  Paths(Translator translator) {
    this.translator = translator;
  }

  Relation path(TriplePath t, GraphScope g) {
    return t.isTriple()
        ? translator.patterns().triple(t.getSubject(), t.getPredicate(), t.getObject(), g)
        : path(t.getSubject(), t.getPath(), t.getObject(), g);
  }

  /** May a path have no triple in it? */
  static boolean mayBeEmpty(@Nullable Path path) {
    if (path instanceof P_Seq seq) {
      return mayBeEmpty(seq.getLeft()) && mayBeEmpty(seq.getRight());
    }
    if (path instanceof P_Alt alt) {
      return mayBeEmpty(alt.getLeft()) || mayBeEmpty(alt.getRight());
    }
    if (path instanceof P_Inverse || path instanceof P_OneOrMore1 || path instanceof P_OneOrMoreN) {
      return mayBeEmpty(((P_Path1) path).getSubPath());
    }
    return !(path == null
        || path instanceof P_Link
        || path instanceof P_ReverseLink
        || path instanceof P_NegPropSet);
  }

  private Relation path(Node s, Path path, Node o, GraphScope g) {
    if (path instanceof P_Link link) {
      return translator.patterns().triple(s, link.getNode(), o, g);
    }
    if (path instanceof P_ReverseLink link) {
      return translator.patterns().triple(o, link.getNode(), s, g);
    }
    if (path instanceof P_Inverse inverse) {
      return path(o, inverse.getSubPath(), s, g);
    }
    if (path instanceof P_Seq seq) {
      Var between = translator.freshVar();
      Relation both =
          translator
              .joins()
              .join(path(s, seq.getLeft(), between, g), path(between, seq.getRight(), o, g));
      return Translator.drop(both, List.of(between));
    }
    if (path instanceof P_Alt alt) {
      return translator.joins().union(members(alt).stream().map(m -> path(s, m, o, g)).toList());
    }
    if (path instanceof P_NegPropSet set) {
      return negated(s, set, o, g);
    }
    if (path instanceof P_ZeroOrOne
        || path instanceof P_ZeroOrMore1
        || path instanceof P_ZeroOrMoreN
        || path instanceof P_OneOrMore1
        || path instanceof P_OneOrMoreN) {
      return walked(s, path, o, g);
    }
    throw Refusals.unsupported("the path " + path);
  }

  /** All of a chain of alternatives at once: it may be long. */
  private static List<Path> members(P_Alt chain) {
    ArrayDeque<Path> out = new ArrayDeque<>();
    Path at = chain;
    while (at instanceof P_Alt alt) {
      out.addFirst(alt.getRight());
      at = alt.getLeft();
    }
    out.addFirst(at);
    return List.copyOf(out);
  }

  private Relation negated(Node s, P_NegPropSet set, Node o, GraphScope g) {
    List<Node> forward = set.getFwdNodes();
    List<Node> backward = set.getBwdNodes();
    Relation there = forward.isEmpty() ? null : other(s, forward, o, g);
    Relation back = backward.isEmpty() ? null : other(o, backward, s, g);
    if (there != null && back != null) {
      return translator.joins().union(there, back);
    }
    return there != null ? there : back != null ? back : other(s, List.of(), o, g);
  }

  private Relation other(Node s, List<Node> not, Node o, GraphScope g) {
    Var predicate = translator.freshVar();
    Relation all = translator.patterns().triple(s, predicate, o, g);
    List<Object> different = new ArrayList<>();
    for (Node n : not) {
      different.add(Form.call("not=", Relation.column(predicate), translator.terms().encode(n)));
    }
    return Translator.drop(
        all.with(Form.call("filter+", Form.and(different), all.form())), List.of(predicate));
  }

  private Relation walked(Node s, Path path, Node o, GraphScope g) {
    PathSource source =
        new PathSource(
            translator.env().dataset(),
            Steps.of(path, translator.terms()),
            Var.isVar(s) ? null : translator.terms().encodeOrNull(s),
            Var.isVar(o) ? null : translator.terms().encodeOrNull(o),
            g.graphs(),
            g.hidden() != null);
    Map<Var, Boolean> vars = new LinkedHashMap<>();
    List<Object> columns = new ArrayList<>();
    Object same = null;
    if (Var.isVar(s)) {
      vars.put(Var.alloc(s), true);
      columns.add(Form.item(Relation.column(Var.alloc(s)), Form.sym("s")));
    }
    if (Var.isVar(o)) {
      Var v = Var.alloc(o);
      Symbol name = vars.containsKey(v) ? translator.fresh(v) : Relation.column(v);
      if (vars.put(v, true) != null) {
        same = Form.call("=", Relation.column(v), name);
      }
      columns.add(Form.item(name, Form.sym("o")));
    }
    if (g.hidden() != null) {
      vars.put(g.hidden(), true);
      columns.add(Form.item(Relation.column(g.hidden()), Form.sym("g")));
    }
    if (columns.isEmpty()) {
      columns.add(Form.item(Relation.HASH, Form.sym("s")));
    }
    Object scan =
        Form.call(
            "table+",
            Form.sym(translator.store()),
            Form.vec(columns),
            Form.options("source", source));
    Object form = same == null ? scan : Form.call("filter+", same, scan);
    if (columns.size() <= Math.max(1, vars.size())) {
      return Relation.of(form, vars);
    }
    List<Object> items = new ArrayList<>();
    vars.keySet().forEach(v -> items.add(Relation.column(v)));
    return Relation.of(Form.call("project+", Form.vec(items), form), vars);
  }
}
