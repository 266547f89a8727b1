package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.expr.JsonText;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.Workspace;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * collect: the values of the frame as JSON array text, nulls kept. The text of a frame that begins
 * where the last one did is continued, that of the same frame is given again; other frames are
 * written anew (their text is as long as they are, in any case).
 *
 * <p>Values stand as {@code to-json} writes them.
 */
final class Collected implements Evaluator {
  private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

  private final Workspace workspace;
  private final Reservation memory;
  private final DataType type;
  private final DataType valueType;
  private final FrameRows frame;
  private final ArgumentCursor cursor;
  private byte[] text = {};
  private int size;
  private int start;
  private int end;

  /**
   * @param workspace for the text of a frame, which must fit as a whole
   */
  Collected(
      Workspace workspace, DataType type, Argument argument, SortedRows rows, FrameRows frame) {
    this.workspace = workspace;
    this.memory = workspace.query().budget().open("window (frames)");
    this.type = type;
    this.valueType = argument.type();
    this.frame = frame;
    this.cursor = new ArgumentCursor(rows, argument);
  }

  @Override
  public Column evaluate(Block block) {
    int n = block.count;
    int[] ids = new int[n];
    ColumnBuilder texts = ColumnBuilder.of(type, 16);
    boolean here = false;
    for (int i = 0; i < n; i++) {
      int s = frame.start[i];
      int e = frame.end[i];
      if (s == e) {
        ids[i] = -1;
        continue;
      }
      if (!here || s != start || e != end) {
        write(s, e);
        texts.appendBytes(text, 0, size);
        here = true;
      }
      ids[i] = texts.length() - 1;
    }
    return new DictionaryColumn(texts.build(), ids, n);
  }

  private void write(int s, int e) {
    if (s != start || e < end || end == start) {
      start = s;
      end = s;
      size = 0;
    }
    for (int row = end; row < e; row++) {
      if (row > start) {
        size--; // the closing bracket
      }
      byte[] value =
          cursor.isNull(row)
              ? "null".getBytes(StandardCharsets.UTF_8)
              : JsonText.of(valueType, cursor.column.value(row - cursor.from))
                  .getBytes(StandardCharsets.UTF_8);
      room(value.length + 2);
      text[size++] = (byte) (row == start ? '[' : ',');
      System.arraycopy(value, 0, text, size, value.length);
      size += value.length;
      text[size++] = ']';
    }
    end = e;
  }

  private void room(int more) {
    if (text.length - size >= more) {
      return;
    }
    if ((long) size + more > MOST_BYTES) {
      throw PenstockException.limit(
          "batch-too-wide", "collect makes more than 2 GiB of text of one frame");
    }
    int least = size + more;
    int wanted = (int) Math.min(Math.max(256, Math.max(2L * text.length, least)), MOST_BYTES);
    if (!workspace.query().budget().prepare(wanted)) {
      wanted = (int) Math.min((long) least + (least >> 3), MOST_BYTES);
    }
    if (!workspace.query().budget().prepare(wanted)) {
      throw PenstockException.limit(
          "memory-cap",
          "collect makes a text of more than "
              + size
              + " bytes of one frame, which must fit in memory at once; the memory cap is "
              + workspace.query().budget().pathCapBytes()
              + " bytes; raise it or collect less");
    }
    memory.grow(wanted);
    byte[] old = text;
    text = Arrays.copyOf(old, wanted);
    memory.shrink(old.length);
  }

  @Override
  public void close() {
    memory.close();
    text = new byte[0];
    workspace.trim();
  }
}
