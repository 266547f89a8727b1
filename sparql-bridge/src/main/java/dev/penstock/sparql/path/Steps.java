package dev.penstock.sparql.path;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.store.TripleGraph;
import dev.penstock.sparql.term.Terms;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.path.P_Alt;
import org.apache.jena.sparql.path.P_Inverse;
import org.apache.jena.sparql.path.P_Link;
import org.apache.jena.sparql.path.P_NegPropSet;
import org.apache.jena.sparql.path.P_OneOrMore1;
import org.apache.jena.sparql.path.P_OneOrMoreN;
import org.apache.jena.sparql.path.P_ReverseLink;
import org.apache.jena.sparql.path.P_Seq;
import org.apache.jena.sparql.path.P_ZeroOrMore1;
import org.apache.jena.sparql.path.P_ZeroOrMoreN;
import org.apache.jena.sparql.path.P_ZeroOrOne;
import org.apache.jena.sparql.path.Path;
import org.jspecify.annotations.Nullable;

/** A path as what it leads to from a node; duplicates do not count. Immutable. */
public sealed interface Steps {
  /** One triple with the predicate. */
  record Link(long predicate) implements Steps {}

  /** One triple with another predicate; backward: from its object. */
  record Not(Set<Long> predicates, boolean backward) implements Steps {}

  /** The other way round. */
  record Inverse(Steps of) implements Steps {}

  /** One after the other. */
  record Seq(Steps first, Steps second) implements Steps {}

  /** Either. */
  record Alt(Steps one, Steps other) implements Steps {}

  /** Again and again; with zero: also the node itself; once: only one time. */
  record Repeat(Steps of, boolean zero, boolean once) implements Steps {}

  /** May it lead from a node to itself without a triple? */
  default boolean mayBeEmpty() {
    return this instanceof Repeat r
        ? r.zero() || r.of().mayBeEmpty()
        : this instanceof Inverse i
            ? i.of().mayBeEmpty()
            : this instanceof Seq s
                ? s.first().mayBeEmpty() && s.second().mayBeEmpty()
                : this instanceof Alt a && (a.one().mayBeEmpty() || a.other().mayBeEmpty());
  }

  /**
   * Triples of which one is the first of every way: those with a predicate, from one of their ends.
   */
  record First(long predicate, boolean backward) {}

  /**
   * Adds what every way begins with.
   *
   * @return false: that cannot be said
   */
  default boolean firsts(boolean backward, Set<First> out) {
    if (this instanceof Link link) {
      out.add(new First(link.predicate(), backward));
      return true;
    }
    if (this instanceof Inverse i) {
      return i.of().firsts(!backward, out);
    }
    if (this instanceof Alt a) {
      return a.one().firsts(backward, out) && a.other().firsts(backward, out);
    }
    if (this instanceof Seq s) {
      Steps first = backward ? s.second() : s.first();
      return !first.mayBeEmpty() && first.firsts(backward, out);
    }
    return this instanceof Repeat r && !r.mayBeEmpty() && r.of().firsts(backward, out);
  }

  /** From Jena's path. */
  static Steps of(Path path, Terms terms) {
    if (path instanceof P_Link link) {
      return new Link(terms.encode(link.getNode()));
    }
    if (path instanceof P_ReverseLink link) {
      return new Inverse(new Link(terms.encode(link.getNode())));
    }
    if (path instanceof P_Inverse inverse) {
      return new Inverse(of(inverse.getSubPath(), terms));
    }
    if (path instanceof P_Seq seq) {
      return new Seq(of(seq.getLeft(), terms), of(seq.getRight(), terms));
    }
    if (path instanceof P_Alt alt) {
      return new Alt(of(alt.getLeft(), terms), of(alt.getRight(), terms));
    }
    if (path instanceof P_NegPropSet set) {
      return negated(set, terms);
    }
    if (path instanceof P_ZeroOrOne p) {
      return new Repeat(of(p.getSubPath(), terms), true, true);
    }
    if (path instanceof P_ZeroOrMore1 p) {
      return new Repeat(of(p.getSubPath(), terms), true, false);
    }
    if (path instanceof P_ZeroOrMoreN p) {
      return new Repeat(of(p.getSubPath(), terms), true, false);
    }
    if (path instanceof P_OneOrMore1 p) {
      return new Repeat(of(p.getSubPath(), terms), false, false);
    }
    if (path instanceof P_OneOrMoreN p) {
      return new Repeat(of(p.getSubPath(), terms), false, false);
    }
    throw PenstockException.unsupported(
        "sparql-unsupported", "the path " + path + " is not supported here");
  }

  private static Steps negated(P_NegPropSet set, Terms terms) {
    Steps forward = new Not(ids(set.getFwdNodes(), terms), false);
    Steps backward = new Not(ids(set.getBwdNodes(), terms), true);
    if (set.getBwdNodes().isEmpty()) {
      return forward;
    }
    return set.getFwdNodes().isEmpty() ? backward : new Alt(forward, backward);
  }

  private static Set<Long> ids(List<Node> nodes, Terms terms) {
    return nodes.stream().map(terms::encode).collect(Collectors.toSet());
  }

  /** The triples that a plain step goes over from a node. */
  static TripleGraph.Range range(
      TripleGraph graph, long node, @Nullable Long predicate, boolean backward) {
    return backward ? graph.find(null, predicate, node) : graph.find(node, predicate, null);
  }
}
