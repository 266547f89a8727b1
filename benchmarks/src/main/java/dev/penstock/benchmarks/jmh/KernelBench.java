package dev.penstock.benchmarks.jmh;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Functions;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.batch.kernel.Hashes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Rows per second of kernels, one thread, over 512 batches of 2048 rows each (1 M rows, random).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBench {
  private static final int BATCHES = 512;
  private static final int ROWS = BATCHES * Batch.ROWS;
  private static final DataType MONEY = DataType.decimal(15, 2);

  private final Batch[] batches = new Batch[BATCHES];
  private final int[] out = new int[Batch.ROWS];
  private final long[] hashes = new long[Batch.ROWS];
  private final Predicate less =
      (Predicate)
          Functions.call(
              "<",
              List.of(new ColumnExpr(0, DataType.INT32), new LiteralExpr(DataType.INT32, 140)),
              DataType.BOOLEAN);
  private final Expr sum =
      Functions.call(
          "+",
          List.of(new ColumnExpr(1, DataType.INT64), new ColumnExpr(2, DataType.INT64)),
          DataType.INT64);
  private final Expr discounted =
      Functions.call(
          "*",
          List.of(
              new ColumnExpr(3, MONEY),
              Functions.call(
                  "-",
                  List.of(
                      new LiteralExpr(DataType.decimal(1, 0), BigDecimal.ONE),
                      new ColumnExpr(4, MONEY)),
                  DataType.decimal(16, 2))),
          DataType.decimal(31, 4));
  private long selected;

  @Setup
  public void fill() {
    Random random = new Random(7);
    for (int b = 0; b < BATCHES; b++) {
      int[] ints = new int[Batch.ROWS];
      long[] longs = new long[Batch.ROWS];
      long[] others = new long[Batch.ROWS];
      long[] prices = new long[Batch.ROWS];
      long[] discounts = new long[Batch.ROWS];
      for (int i = 0; i < Batch.ROWS; i++) {
        ints[i] = random.nextInt(1000);
        longs[i] = random.nextInt();
        others[i] = random.nextInt();
        prices[i] = random.nextInt(10_000_000);
        discounts[i] = random.nextInt(11);
        selected += ints[i] < 140 ? 1 : 0;
      }
      batches[b] =
          Batch.of(
              Batch.ROWS,
              new IntColumn(DataType.INT32, ints, null, Batch.ROWS),
              new LongColumn(DataType.INT64, longs, null, Batch.ROWS),
              new LongColumn(DataType.INT64, others, null, Batch.ROWS),
              new LongColumn(MONEY, prices, null, Batch.ROWS),
              new LongColumn(MONEY, discounts, null, Batch.ROWS));
    }
  }

  /** 14 % of the rows pass. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long selectIntLessThanLiteral() {
    long n = 0;
    for (Batch batch : batches) {
      n += less.select(batch, out);
    }
    if (n != selected) {
      throw new IllegalStateException("expected " + selected + ", got " + n);
    }
    return n;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long addInt64Checked() {
    long n = 0;
    for (Batch batch : batches) {
      Column c = sum.eval(batch);
      n += c.length();
    }
    return n;
  }

  /** price * (1 - discount), as in TPC-H Q1. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long multiplyDecimals() {
    long n = 0;
    for (Batch batch : batches) {
      Column c = discounted.eval(batch);
      n += c.length();
    }
    return n;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long hashInt64() {
    long n = 0;
    for (Batch batch : batches) {
      Hashes.hash(batch.column(1), null, batch.count(), hashes);
      n ^= hashes[17];
    }
    return n;
  }
}
