package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.expr.JsonText;
import dev.penstock.monitor.PenstockException;
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

  private final DataType type;
  private final DataType valueType;
  private final SortedRows rows;
  private final FrameRows frame;
  private final ArgumentCursor cursor;
  private byte[] text = {};
  private int size;
  private int start;
  private int end;

  Collected(DataType type, Argument argument, SortedRows rows, FrameRows frame) {
    this.type = type;
    this.valueType = argument.type();
    this.rows = rows;
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
    int wanted = (int) Math.min(Math.max(256, Math.max(2L * text.length, size + more)), MOST_BYTES);
    rows.memory.grow(wanted);
    byte[] old = text;
    text = Arrays.copyOf(old, wanted);
    rows.memory.shrink(old.length);
  }

  @Override
  public void close() {
    rows.memory.shrink(text.length);
    text = new byte[0];
  }
}
