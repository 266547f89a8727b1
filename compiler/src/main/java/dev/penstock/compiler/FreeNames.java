package dev.penstock.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which recursions a part of a lowered plan reads the rows of, those apart that lie wholly in it.
 */
final class FreeNames {
  private final Map<Integer, Set<String>> known = new HashMap<>();

  Set<String> of(Lowered node) {
    Set<String> found = known.get(node.integer("id"));
    if (found == null) {
      found = find(node);
      known.put(node.integer("id"), found);
    }
    return found;
  }

  private Set<String> find(Lowered node) {
    Set<String> out = new HashSet<>();
    if (node.op().equals("recursion")) {
      out.add(node.text("name"));
    } else if (node.op().equals("recursive")) {
      out.addAll(of(node.inputs().get(1)));
      out.remove(node.text("name"));
      out.addAll(of(node.inputs().get(0)));
    } else {
      below(node).forEach(n -> out.addAll(of(n)));
    }
    return out;
  }

  private static List<Lowered> below(Lowered node) {
    List<Lowered> out = new ArrayList<>();
    node.children("bindings").forEach(b -> out.add(b.child("node")));
    out.addAll(node.inputs());
    return out;
  }

  /**
   * What is the same in all rounds of a recursion.
   *
   * @param shared shared nodes in its step, each once, and not those below them
   * @param builds joins in its step whose build side is one of these
   */
  record Kept(List<Lowered> shared, List<Lowered> builds) {}

  Kept keptBy(Lowered step, String name) {
    Kept out = new Kept(new ArrayList<>(), new ArrayList<>());
    gather(step, Set.of(name), new HashSet<>(), out);
    return out;
  }

  private boolean stays(Lowered node, Set<String> bound) {
    return node.op().equals("shared") && of(node).stream().noneMatch(bound::contains);
  }

  private void gather(Lowered node, Set<String> bound, Set<Integer> seen, Kept out) {
    if (!seen.add(node.integer("id"))) {
      return;
    }
    if (stays(node, bound)) {
      out.shared.add(node);
      return;
    }
    if (node.op().equals("join")
        && stays(node.inputs().get(JoinGraph.buildIsRight(node) ? 1 : 0), bound)) {
      out.builds.add(node);
    }
    Set<String> inner = bound;
    if (node.op().equals("recursive")) {
      inner = new HashSet<>(bound);
      inner.add(node.text("name"));
    }
    for (Lowered input : below(node)) {
      gather(input, inner, seen, out);
    }
  }
}
