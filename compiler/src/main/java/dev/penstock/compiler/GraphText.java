package dev.penstock.compiler;

import dev.penstock.nodes.Node;
import java.util.List;

/** The graph of nodes and pipes as text, one line a node. */
final class GraphText {
  private GraphText() {}

  static String of(List<Node> nodes) {
    StringBuilder out = new StringBuilder("Graph:\n");
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      out.append("  node ").append(i + 1).append(": ").append(node.name());
      out.append(" [").append(node.permits()).append(node.permits() == 1 ? " permit" : " permits");
      out.append(node.isOrdered() ? ", ordered]" : "]");
      if (!node.inputName().isEmpty()) {
        out.append(" <- ").append(node.inputName());
      }
      for (String gate : node.gateNames()) {
        out.append(", after ").append(gate);
      }
      if (!node.outputName().isEmpty()) {
        out.append(" -> ").append(node.outputName());
      }
      out.append('\n');
    }
    return out.toString();
  }
}
