package dev.penstock.benchmarks.jmh;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.QueuePipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
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
 * Items per second through filter, map and sum.
 *
 * <pre>
 * numbers --pipe--> keep the even --pipe--> add one --pipe--> sum        each arrow is a queue with callbacks
 * </pre>
 *
 * <p>Items are boxed longs, or batches of 1024 longs; beside them a parallel stream and core.async
 * on the same work.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PipeBench {
  /** Numbers that each method sends through. */
  public static final int ITEMS = 1 << 20;

  private static final int BATCH = 1024;
  private static final long SUM = (long) (ITEMS / 2) * (ITEMS / 2 - 1) + ITEMS / 2;

  private IFn asyncItems;
  private IFn asyncBatches;

  @Setup
  public void load() throws IOException {
    try (var in = PipeBench.class.getResourceAsStream("/async/pipeline.clj")) {
      String code = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Clojure.var("clojure.core", "load-string").invoke(code);
    }
    asyncItems = Clojure.var("dev.penstock.benchmarks.async.pipeline", "run-items");
    asyncBatches = Clojure.var("dev.penstock.benchmarks.async.pipeline", "run-batches");
  }

  private static long checked(long sum) {
    if (sum != SUM) {
      throw new IllegalStateException("expected " + SUM + ", got " + sum);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public long pipesItems() {
    Pipe<Long> numbers = QueuePipe.ofItems("numbers", BATCH);
    Pipe<Long> even = QueuePipe.ofItems("even", BATCH);
    Pipe<Long> plusOne = QueuePipe.ofItems("plus one", BATCH);
    long[] sum = new long[1];
    numbers.addCallback(
        () -> {
          for (Long x = numbers.dequeue(); x != null; x = numbers.dequeue()) {
            if ((x & 1) == 0) {
              even.enqueue(x);
            }
          }
        });
    even.addCallback(
        () -> {
          for (Long x = even.dequeue(); x != null; x = even.dequeue()) {
            plusOne.enqueue(x + 1);
          }
        });
    plusOne.addCallback(
        () -> {
          for (Long x = plusOne.dequeue(); x != null; x = plusOne.dequeue()) {
            sum[0] += x;
          }
        });
    for (long i = 0; i < ITEMS; i++) {
      numbers.enqueue(i);
    }
    return checked(sum[0]);
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public long pipesBatches() {
    Pipe<long[]> numbers = QueuePipe.ofItems("numbers", 16);
    Pipe<long[]> even = QueuePipe.ofItems("even", 16);
    Pipe<long[]> plusOne = QueuePipe.ofItems("plus one", 16);
    long[] sum = new long[1];
    numbers.addCallback(
        () -> {
          for (long[] b = numbers.dequeue(); b != null; b = numbers.dequeue()) {
            even.enqueue(even(b));
          }
        });
    even.addCallback(
        () -> {
          for (long[] b = even.dequeue(); b != null; b = even.dequeue()) {
            plusOne.enqueue(plusOne(b));
          }
        });
    plusOne.addCallback(
        () -> {
          for (long[] b = plusOne.dequeue(); b != null; b = plusOne.dequeue()) {
            sum[0] += sum(b);
          }
        });
    for (long i = 0; i < ITEMS; i += BATCH) {
      long[] batch = new long[BATCH];
      for (int k = 0; k < BATCH; k++) {
        batch[k] = i + k;
      }
      numbers.enqueue(batch);
    }
    return checked(sum[0]);
  }

  private static long[] even(long[] in) {
    long[] out = new long[in.length];
    int n = 0;
    for (long x : in) {
      out[n] = x;
      n += (int) (x & 1 ^ 1);
    }
    return Arrays.copyOf(out, n);
  }

  private static long[] plusOne(long[] in) {
    long[] out = new long[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = in[i] + 1;
    }
    return out;
  }

  private static long sum(long[] in) {
    long s = 0;
    for (long x : in) {
      s += x;
    }
    return s;
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public long parallelStreamItems() {
    return checked(
        LongStream.range(0, ITEMS)
            .parallel()
            .boxed()
            .filter(x -> (x & 1) == 0)
            .map(x -> x + 1)
            .reduce(0L, Long::sum));
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public long parallelStreamBatches() {
    return checked(
        LongStream.range(0, ITEMS / BATCH)
            .parallel()
            .mapToObj(
                i -> {
                  long[] batch = new long[BATCH];
                  for (int k = 0; k < BATCH; k++) {
                    batch[k] = i * BATCH + k;
                  }
                  return batch;
                })
            .map(PipeBench::even)
            .map(PipeBench::plusOne)
            .mapToLong(PipeBench::sum)
            .sum());
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public long coreAsyncItems() {
    return checked(((Number) asyncItems.invoke((long) ITEMS)).longValue());
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public long coreAsyncBatches() {
    return checked(((Number) asyncBatches.invoke((long) ITEMS)).longValue());
  }
}
