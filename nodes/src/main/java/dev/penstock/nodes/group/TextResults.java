package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.Workspace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts of lists that were sorted on disk: each is made at once in its full length, which must fit
 * in memory.
 */
final class TextResults extends ListResults {
  private static final long MOST_BYTES = Integer.MAX_VALUE - 64;

  private final Texts.Style style;
  private final List<GroupPlan.Output> outputs;
  private final Workspace workspace;
  private final Reservation memory;

  /** For each group, the text of each output. */
  private final Map<Integer, byte[][]> texts = new HashMap<>();

  private byte[][] current = {};
  private long taken;
  private final int[] sizes;
  private final byte[][] separators;

  TextResults(
      Texts.Style style, List<GroupPlan.Output> outputs, Workspace workspace, Reservation memory) {
    this.style = style;
    this.outputs = outputs;
    this.workspace = workspace;
    this.memory = memory;
    this.sizes = new int[outputs.size()];
    this.separators = new byte[outputs.size()][];
    for (int o = 0; o < separators.length; o++) {
      separators[o] = Texts.separator(style, outputs.get(o));
    }
  }

  @Override
  void begin(int group, long count, long bytes) {
    current = new byte[outputs.size()][];
    for (int o = 0; o < current.length; o++) {
      long around = style == Texts.Style.PLAIN ? 0 : 2;
      long size = bytes + around + separators[o].length * (count - 1);
      reserve(outputs.get(o).function(), size);
      current[o] = new byte[(int) size];
      sizes[o] = 0;
      if (around > 0) {
        current[o][sizes[o]++] = (byte) (style == Texts.Style.ARRAY ? '[' : '{');
        current[o][(int) size - 1] = (byte) (style == Texts.Style.ARRAY ? ']' : '}');
      }
    }
    texts.put(group, current);
    taken = 0;
  }

  private void reserve(String function, long size) {
    if (size > MOST_BYTES || !workspace.query().budget().prepare(size)) {
      throw PenstockException.limit(
          "memory-cap",
          function
              + " makes a text of "
              + size
              + " bytes of one group, which must fit in memory at once; the memory cap is "
              + workspace.query().budget().pathCapBytes()
              + " bytes, of which "
              + workspace.query().budget().availableBytes()
              + " are free; raise the cap or aggregate less");
    }
    memory.grow(size);
  }

  @Override
  void take(long word, BytesColumn values, int place) {
    int size = values.size(place);
    for (int o = 0; o < current.length; o++) {
      byte[] text = current[o];
      int at = sizes[o];
      if (taken > 0) {
        System.arraycopy(separators[o], 0, text, at, separators[o].length);
        at += separators[o].length;
      }
      System.arraycopy(values.slab(), values.start(place), text, at, size);
      sizes[o] = at + size;
    }
    taken++;
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, int n) {
    int o = outputs.indexOf(output);
    int[] offsets = new int[n + 1];
    long[] filled = new long[n];
    long total = 0;
    for (int i = 0; i < n; i++) {
      byte[][] of = texts.get(groups[i]);
      if (of != null) {
        filled[i] = 1;
        total += of[o].length;
      }
      if (total > MOST_BYTES) {
        throw PenstockException.limit(
            "batch-too-wide", output.function() + " makes more than 2 GiB of text in one batch");
      }
      offsets[i + 1] = (int) total;
    }
    byte[][] first = n == 1 ? texts.get(groups[0]) : null;
    byte[] all = first == null ? new byte[(int) total] : first[o];
    for (int i = 0; i < n && first == null; i++) {
      byte[][] of = texts.get(groups[i]);
      if (of != null) {
        System.arraycopy(of[o], 0, all, offsets[i], of[o].length);
      }
    }
    return new BytesColumn(output.type(), all, offsets, Accumulator.nullsOf(filled, 1, n), n);
  }
}
