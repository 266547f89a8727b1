package dev.penstock.sources.parquet;

import dev.penstock.monitor.Reservation;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ConvertedType;

/**
 * A node of a nested column that puts records together again, row by row (Dremel, section 4.3, as a
 * recursion): all leaves below a node stand at the same place, and the first of them tells whether
 * the node is null, and whether a list goes on.
 */
abstract sealed class NestedPart {
  /** A definition level below this means null here or further up. */
  private final int definition;

  private final List<LeafCursor> leaves;

  NestedPart(int definition, List<LeafCursor> leaves) {
    this.definition = definition;
    this.leaves = leaves;
  }

  final LeafCursor first() {
    return leaves.get(0);
  }

  final List<LeafCursor> leaves() {
    return leaves;
  }

  final void consumeAll() {
    for (LeafCursor l : leaves) {
      l.consume();
    }
  }

  final boolean isNull() {
    return first().definition() < definition;
  }

  /** Writes the next value and passes it. */
  final void write(JsonText out) {
    if (isNull()) {
      out.raw("null");
      consumeAll();
    } else {
      body(out);
    }
  }

  abstract void body(JsonText out);

  /**
   * The part for a node, with cursors for its leaves, which are appended to {@code into} in the
   * order of the file.
   */
  static NestedPart of(SchemaNode node, PageCodec codec, Reservation held, List<LeafCursor> into) {
    if (node.isRepeated()) {
      // A repeated field that is no part of an annotated list: a list that cannot be null.
      NestedPart element = body(node, codec, held, into);
      return new Sequence(node.definition() - 1, node, element);
    }
    return body(node, codec, held, into);
  }

  private static NestedPart body(
      SchemaNode node, PageCodec codec, Reservation held, List<LeafCursor> into) {
    if (node.isLeaf()) {
      LeafCursor cursor = new LeafCursor(node, codec, held);
      into.add(cursor);
      return new Value(node.definition(), cursor);
    }
    SchemaNode only = node.children().size() == 1 ? node.children().get(0) : null;
    if (only != null && only.isRepeated()) {
      if (isMap(node) && only.children().size() == 2) {
        NestedPart key = of(only.children().get(0), codec, held, into);
        NestedPart value = of(only.children().get(1), codec, held, into);
        return new Entries(node.definition(), only, key, value);
      }
      if (isList(node)) {
        NestedPart element =
            isElement(node, only)
                ? body(only, codec, held, into)
                : of(only.children().get(0), codec, held, into);
        return new Sequence(node.definition(), only, element);
      }
    }
    List<String> names = new ArrayList<>();
    List<NestedPart> parts = new ArrayList<>();
    for (SchemaNode child : node.children()) {
      names.add(child.name());
      parts.add(of(child, codec, held, into));
    }
    return new Struct(node.definition(), names, parts);
  }

  private static boolean isMap(SchemaNode node) {
    return node.element().isSetLogicalType()
        ? node.element().getLogicalType().isSetMAP()
        : node.element().getConverted_type() == ConvertedType.MAP
            || node.element().getConverted_type() == ConvertedType.MAP_KEY_VALUE;
  }

  private static boolean isList(SchemaNode node) {
    return node.element().isSetLogicalType()
        ? node.element().getLogicalType().isSetLIST()
        : node.element().getConverted_type() == ConvertedType.LIST;
  }

  /** The rules of the format for old two-level lists: the repeated node is the element itself. */
  private static boolean isElement(SchemaNode list, SchemaNode repeated) {
    return repeated.isLeaf()
        || repeated.children().size() != 1
        || repeated.name().equals("array")
        || repeated.name().equals(list.name() + "_tuple");
  }

  private static List<LeafCursor> join(List<NestedPart> parts) {
    List<LeafCursor> all = new ArrayList<>();
    for (NestedPart p : parts) {
      all.addAll(p.leaves());
    }
    return all;
  }

  private static final class Value extends NestedPart {
    Value(int definition, LeafCursor leaf) {
      super(definition, List.of(leaf));
    }

    @Override
    void body(JsonText out) {
      Object v = first().value();
      if (v == null) {
        out.raw("null");
      } else {
        out.value(v);
      }
      first().consume();
    }
  }

  private static final class Struct extends NestedPart {
    private final List<String> names;
    private final List<NestedPart> parts;

    Struct(int definition, List<String> names, List<NestedPart> parts) {
      super(definition, join(parts));
      this.names = names;
      this.parts = parts;
    }

    @Override
    void body(JsonText out) {
      out.raw("{");
      for (int i = 0; i < parts.size(); i++) {
        if (i > 0) {
          out.raw(",");
        }
        out.string(names.get(i));
        out.raw(":");
        parts.get(i).write(out);
      }
      out.raw("}");
    }
  }

  private static final class Sequence extends NestedPart {
    private final int present;
    private final int repetition;
    private final NestedPart element;

    Sequence(int definition, SchemaNode repeated, NestedPart element) {
      super(definition, element.leaves());
      this.present = repeated.definition();
      this.repetition = repeated.repetition();
      this.element = element;
    }

    @Override
    void body(JsonText out) {
      out.raw("[");
      if (first().definition() < present) {
        consumeAll();
      } else {
        element.write(out);
        while (first().repetition() == repetition) {
          out.raw(",");
          element.write(out);
        }
      }
      out.raw("]");
    }
  }

  private static final class Entries extends NestedPart {
    private final int present;
    private final int repetition;
    private final NestedPart key;
    private final NestedPart value;

    Entries(int definition, SchemaNode repeated, NestedPart key, NestedPart value) {
      super(definition, join(List.of(key, value)));
      this.present = repeated.definition();
      this.repetition = repeated.repetition();
      this.key = key;
      this.value = value;
    }

    @Override
    void body(JsonText out) {
      out.raw("{");
      if (first().definition() < present) {
        consumeAll();
      } else {
        entry(out);
        while (first().repetition() == repetition) {
          out.raw(",");
          entry(out);
        }
      }
      out.raw("}");
    }

    /** A key of JSON is a string: other keys are written as their text. */
    private void entry(JsonText out) {
      GrowingBytes text = new GrowingBytes();
      key.write(new JsonText(text));
      String written =
          new String(text.bytes, 0, text.size, java.nio.charset.StandardCharsets.UTF_8);
      if (written.startsWith("\"")) {
        out.utf8(text);
      } else {
        out.string(written);
      }
      out.raw(":");
      value.write(out);
    }
  }
}
