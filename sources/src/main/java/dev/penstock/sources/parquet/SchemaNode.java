package dev.penstock.sources.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;

/**
 * The tree of a file's schema, made of the flat depth-first list in the footer.
 *
 * @param leaf ordinal of the column chunk, -1 for a group
 * @param definition highest definition level of this node
 * @param repetition highest repetition level of this node
 */
record SchemaNode(
    SchemaElement element, List<SchemaNode> children, int leaf, int definition, int repetition) {
  /** Deeper schemas are refused: reading them would recurse too deep. */
  private static final int MAX_DEPTH = 100;

  boolean isLeaf() {
    return leaf >= 0;
  }

  boolean isRepeated() {
    return element.getRepetition_type() == FieldRepetitionType.REPEATED;
  }

  boolean isOptional() {
    return element.getRepetition_type() == FieldRepetitionType.OPTIONAL;
  }

  String name() {
    return element.getName();
  }

  /** Number of leaves in this subtree. */
  int leaves() {
    if (isLeaf()) {
      return 1;
    }
    int sum = 0;
    for (SchemaNode c : children) {
      sum += c.leaves();
    }
    return sum;
  }

  /** The ordinal of the first leaf of this subtree, or -1 when it has none. */
  int firstLeaf() {
    if (isLeaf()) {
      return leaf;
    }
    for (SchemaNode c : children) {
      int first = c.firstLeaf();
      if (first >= 0) {
        return first;
      }
    }
    return -1;
  }

  /** The root of the list; throws IllegalArgumentException when the list is no tree. */
  static SchemaNode root(List<SchemaElement> flat) {
    Builder builder = new Builder(flat);
    if (flat.isEmpty()) {
      throw new IllegalArgumentException("the schema is empty");
    }
    SchemaNode root = builder.next(0, 0, 0, true);
    if (builder.at != flat.size()) {
      throw new IllegalArgumentException(
          "the schema has " + (flat.size() - builder.at) + " elements outside of its root");
    }
    return root;
  }

  private static final class Builder {
    private final List<SchemaElement> flat;
    private int at;
    private int leaves;

    Builder(List<SchemaElement> flat) {
      this.flat = flat;
    }

    SchemaNode next(int definition, int repetition, int depth, boolean root) {
      if (at >= flat.size()) {
        throw new IllegalArgumentException("the schema ends inside of a group");
      }
      if (depth > MAX_DEPTH) {
        throw new IllegalArgumentException("the schema is nested deeper than " + MAX_DEPTH);
      }
      SchemaElement e = flat.get(at++);
      int d = definition;
      int r = repetition;
      if (!root && e.getRepetition_type() == FieldRepetitionType.OPTIONAL) {
        d++;
      } else if (!root && e.getRepetition_type() == FieldRepetitionType.REPEATED) {
        d++;
        r++;
      }
      if (e.isSetType() && !root) {
        return new SchemaNode(e, List.of(), leaves++, d, r);
      }
      int n = e.getNum_children();
      if (n < 0 || n > flat.size()) {
        throw new IllegalArgumentException(
            "group "
                + e.getName()
                + " declares "
                + n
                + " children of "
                + flat.size()
                + " elements");
      }
      List<SchemaNode> children = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        children.add(next(d, r, depth + 1, false));
      }
      return new SchemaNode(e, List.copyOf(children), -1, d, r);
    }
  }
}
