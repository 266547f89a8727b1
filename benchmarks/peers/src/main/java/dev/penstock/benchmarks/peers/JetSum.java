package dev.penstock.benchmarks.peers;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.jet.aggregate.AggregateOperations;
import com.hazelcast.jet.pipeline.BatchSource;
import com.hazelcast.jet.pipeline.BatchStage;
import com.hazelcast.jet.pipeline.Pipeline;
import com.hazelcast.jet.pipeline.Sinks;
import com.hazelcast.jet.pipeline.SourceBuilder;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/** The numbers below n through filter, map and sum in Hazelcast Jet: one member, embedded. */
public final class JetSum implements LongBinaryOperator, AutoCloseable {
  private final HazelcastInstance member;

  public JetSum() {
    System.setProperty("hazelcast.logging.type", "none");
    System.setProperty("hazelcast.phone.home.enabled", "false");
    Config config = new Config();
    config.getJetConfig().setEnabled(true);
    config.getJetConfig().setCooperativeThreadCount(Runtime.getRuntime().availableProcessors());
    config.getMetricsConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    member = Hazelcast.newHazelcastInstance(config);
  }

  /**
   * @param n how many numbers
   * @param batch how many are an item: 1, or that many in an array
   */
  @Override
  public long applyAsLong(long n, long batch) {
    Pipeline pipeline = Pipeline.create();
    BatchStage<Long> sums = batch == 1 ? items(pipeline, n) : batches(pipeline, n, (int) batch);
    sums.writeTo(Sinks.list("sum"));
    member.getJet().newJob(pipeline).join();
    long sum = (Long) member.getList("sum").get(0);
    member.getList("sum").clear();
    return sum;
  }

  private static BatchStage<Long> items(Pipeline pipeline, long n) {
    BatchSource<Long> numbers =
        SourceBuilder.batch("numbers", context -> new long[1])
            .<Long>fillBufferFn(
                (next, buffer) -> {
                  for (int i = 0; i < 1024 && next[0] < n; i++) {
                    buffer.add(next[0]++);
                  }
                  if (next[0] >= n) {
                    buffer.close();
                  }
                })
            .build();
    return pipeline
        .readFrom(numbers)
        .filter(x -> (x & 1) == 0)
        .map(x -> x + 1)
        .aggregate(AggregateOperations.summingLong(x -> x));
  }

  private static BatchStage<Long> batches(Pipeline pipeline, long n, int size) {
    BatchSource<long[]> numbers =
        SourceBuilder.batch("numbers", context -> new long[1])
            .<long[]>fillBufferFn(
                (next, buffer) -> {
                  for (int i = 0; i < 16 && next[0] < n; i++) {
                    long[] batch = new long[size];
                    for (int k = 0; k < size; k++) {
                      batch[k] = next[0] + k;
                    }
                    buffer.add(batch);
                    next[0] += size;
                  }
                  if (next[0] >= n) {
                    buffer.close();
                  }
                })
            .build();
    return pipeline
        .readFrom(numbers)
        .map(JetSum::even)
        .map(JetSum::plusOne)
        .aggregate(AggregateOperations.summingLong(JetSum::sum));
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

  @Override
  public void close() {
    member.shutdown();
  }
}
