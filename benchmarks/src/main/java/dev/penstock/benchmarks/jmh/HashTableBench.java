package dev.penstock.benchmarks.jmh;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Positions;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.table.KeyTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Rows per second that are given a group by the hash table of group-by, one thread, 1 M rows;
 * java.util.HashMap beside it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HashTableBench {
  private static final int BATCHES = 512;
  private static final int ROWS = BATCHES * Batch.ROWS;

  @Param({"100", "10000", "500000"})
  public int groups;

  private final Column[] longs = new Column[BATCHES];
  private final Column[] texts = new Column[BATCHES];
  private final long[][] raw = new long[BATCHES][Batch.ROWS];
  private final int[] out = new int[Batch.ROWS];
  private final Budget budget = Budget.root("bench", 4L << 30);
  private final CancellationToken token = new CancellationToken();
  private int different;

  @Setup
  public void fill() {
    Random random = new Random(7);
    Map<Long, Integer> seen = new HashMap<>();
    for (int b = 0; b < BATCHES; b++) {
      ColumnBuilder text = ColumnBuilder.of(DataType.VARCHAR, Batch.ROWS);
      for (int i = 0; i < Batch.ROWS; i++) {
        // scattered keys: no dense range for the table to profit from
        long key = random.nextInt(groups) * 0x9E37_79B9_7F4AL;
        raw[b][i] = key;
        seen.put(key, 1);
        text.appendString("key-" + key);
      }
      longs[b] = new LongColumn(DataType.INT64, raw[b], null, Batch.ROWS);
      texts[b] = (BytesColumn) text.build();
    }
    different = seen.size();
  }

  private int assign(DataType type, Column[] keys) {
    try (KeyTable table = new KeyTable(new DataType[] {type}, budget, "bench", token)) {
      Column[] one = new Column[1];
      for (Column key : keys) {
        one[0] = key;
        table.assign(one, Positions.identity(Batch.ROWS), Batch.ROWS, out);
      }
      return checked(table.groups());
    }
  }

  private int checked(int n) {
    if (n != different) {
      throw new IllegalStateException("expected " + different + " groups, got " + n);
    }
    return n;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int keyTableInt64() {
    return assign(DataType.INT64, longs);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int keyTableVarchar() {
    return assign(DataType.VARCHAR, texts);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int javaHashMapInt64() {
    Map<Long, Integer> map = new HashMap<>();
    for (long[] batch : raw) {
      for (int i = 0; i < batch.length; i++) {
        Integer group = map.get(batch[i]);
        if (group == null) {
          group = map.size();
          map.put(batch[i], group);
        }
        out[i] = group;
      }
    }
    return checked(map.size());
  }
}
