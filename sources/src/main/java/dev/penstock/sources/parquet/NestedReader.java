package dev.penstock.sources.parquet;

import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a nested column as JSON text, row by row. */
final class NestedReader implements FlatReader {
  private final List<LeafCursor> leaves = new ArrayList<>();
  private final NestedPart root;
  private final GrowingBytes discarded = new GrowingBytes();
  private @Nullable Chunk chunk;

  NestedReader(ParquetColumn column, PageCodec codec, Reservation held) {
    this.root = NestedPart.of(column.node(), codec, held, leaves);
  }

  @Override
  public void begin(Chunk next) {
    chunk = next;
    for (int i = 0; i < leaves.size(); i++) {
      leaves.get(i).begin(next.parts().get(i));
    }
  }

  @Override
  public void end() {
    chunk = null;
    for (LeafCursor l : leaves) {
      l.end();
    }
  }

  @Override
  public void skip(int n) {
    JsonText nowhere = new JsonText(discarded);
    for (int i = 0; i < n; i++) {
      row(nowhere);
      discarded.clear();
    }
  }

  private boolean row(JsonText out) {
    try {
      boolean isNull = root.isNull();
      root.write(out);
      for (LeafCursor l : leaves) {
        if (l.repetition() != 0) {
          throw new IllegalArgumentException("its leaves do not end a row at the same place");
        }
      }
      return isNull;
    } catch (PenstockException e) {
      throw e;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      Chunk c = java.util.Objects.requireNonNull(chunk);
      throw c.place().corrupt(String.valueOf(e.getMessage()), 0, e);
    }
  }

  @Override
  public Column read(int n, int @Nullable [] positions, int count, boolean keepDictionary) {
    GrowingBytes slab = new GrowingBytes();
    JsonText out = new JsonText(slab);
    int[] offsets = new int[count + 1];
    long[] nulls = null;
    int k = 0;
    for (int i = 0; i < n; i++) {
      if (positions != null && (k >= count || positions[k] != i)) {
        skip(1);
        continue;
      }
      if (row(out)) {
        nulls = nulls == null ? new long[Bits.words(count)] : nulls;
        Bits.set(nulls, k);
        slab.size = offsets[k];
      }
      offsets[++k] = slab.size;
    }
    return new BytesColumn(
        DataType.JSON, Arrays.copyOf(slab.bytes, slab.size), offsets, nulls, count);
  }

  @Override
  public int uniformRows(int limit) {
    return limit;
  }

  @Override
  public boolean nextIsDictionary() {
    return false;
  }

  @Override
  public boolean isAllDictionary() {
    return false;
  }

  @Override
  public @Nullable FlatColumn dictionary() {
    return null;
  }
}
