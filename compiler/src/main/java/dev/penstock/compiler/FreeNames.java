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
   * The shared nodes in the step of a recursion that are the same in all its rounds, each once, and
   * not those below them.
   */
  List<Lowered> sharedBy(Lowered step, String name) {
    List<Lowered> out = new ArrayList<>();
    gather(step, Set.of(name), new HashSet<>(), out);
    return out;
  }

  private void gather(Lowered node, Set<String> bound, Set<Integer> seen, List<Lowered> out) {
    boolean shared = node.op().equals("shared");
    if (shared && !seen.add(node.integer("id"))) {
      return;
    }
    if (shared && of(node).stream().noneMatch(bound::contains)) {
      out.add(node);
      return;
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
