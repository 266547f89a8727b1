package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Ints;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The value of the first or last row of each group, in the order of sort keys: {@code first last
 * arg-min arg-max}. Of rows with equal keys it is that of the first that came (the last one for
 * {@code last}), and after a merge of any of them.
 *
 * <pre>
 * a group: key ++ (0 = null | 1 ++ value)
 * </pre>
 */
final class RowPick extends Accumulator {
  /** What the keys are. */
  enum Rule {
    /** The input's order; its first row. */
    FIRST,
    LAST,
    /** The second argument; its least value. */
    LEAST,
    GREATEST
  }

  private final Rule rule;
  private final RowOrder order;
  private final Ints keySizes;
  private final GroupBytes rows;
  private final RowBytes row = new RowBytes();

  RowPick(Rule rule, GroupPlan.Input input, Reservation reservation) {
    this.rule = rule;
    this.order = input.order();
    this.keySizes = new Ints(reservation);
    this.rows = new GroupBytes(reservation);
  }

  @Override
  void ensure(int n) {
    keySizes.ensure(n);
    rows.ensure(n);
  }

  @Override
  long growth(int groups, long rowCount, long bytes) {
    return keySizes.growth(groups) + rows.growth(groups, bytes);
  }

  @Override
  long rowBytes(FlatColumn[] values, int[][] at, int count) {
    long sum = count;
    for (int c = 0; c < values.length; c++) {
      sum += RowBytes.bound(values[c], at[c], count);
    }
    return sum;
  }

  @Override
  long stateBytes(int[] groups, int count) {
    return rows.bytes(groups, count);
  }

  @Override
  FlatColumn[] save(int[] groups, int count) {
    int[] keys = new int[count];
    for (int i = 0; i < count; i++) {
      keys[i] = keySizes.get(groups[i]);
    }
    return new FlatColumn[] {
      new IntColumn(DataType.INT32, keys, null, count), rows.save(groups, count)
    };
  }

  @Override
  int savedColumns() {
    return 2;
  }

  @Override
  void load(FlatColumn[] columns, int count) {
    ensure(count);
    int[] keys = ((IntColumn) columns[0]).values();
    for (int i = 0; i < count; i++) {
      keySizes.set(i, keys[i]);
    }
    rows.load((BytesColumn) columns[1], count);
  }

  @Override
  void add(FlatColumn[] values, int[][] at, int @Nullable [] groups, int count) {
    boolean byArgument = rule == Rule.LEAST || rule == Rule.GREATEST;
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      row.clear();
      if (byArgument) {
        row.key(values[1], at[1][i], false, false);
      } else {
        order.write(values, at, i, row);
      }
      int keySize = row.size();
      if (!wins(g, row.bytes(), 0, keySize)) {
        continue;
      }
      int place = at[0][i];
      row.oneByte(place < 0 ? 0 : 1);
      if (place >= 0) {
        row.value(values[0], place);
      }
      take(g, row.bytes(), 0, keySize, row.size());
    }
    rows.compact();
  }

  private boolean wins(int g, byte[] key, int start, int size) {
    if (rows.size(g) < 0) {
      return true;
    }
    int from = rows.start(g);
    int c =
        Arrays.compareUnsigned(
            key, start, start + size, rows.slab(g), from, from + keySizes.get(g));
    return switch (rule) {
      case FIRST, LEAST -> c < 0;
      case LAST -> c >= 0;
      case GREATEST -> c > 0;
    };
  }

  private void take(int g, byte[] from, int start, int keySize, int size) {
    rows.set(g, from, start, size);
    keySizes.set(g, keySize);
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    RowPick in = (RowPick) other;
    for (int i = 0; i < count; i++) {
      int f = from[i];
      int size = in.rows.size(f);
      int keySize = in.keySizes.get(f);
      if (size >= 0 && wins(to[i], in.rows.slab(f), in.rows.start(f), keySize)) {
        take(to[i], in.rows.slab(f), in.rows.start(f), keySize, size);
      }
    }
    rows.compact();
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    ValueColumn out = new ValueColumn(output.type(), count);
    for (int i = 0; i < count; i++) {
      int g = groups[i];
      int keySize = keySizes.get(g);
      if (rows.size(g) < 0 || rows.slab(g)[rows.start(g) + keySize] == 0) {
        out.appendNull();
      } else {
        out.append(rows.slab(g), rows.start(g) + keySize + 1, rows.size(g) - keySize - 1);
      }
    }
    return out.build();
  }
}
