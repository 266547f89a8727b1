package dev.penstock.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One JVM for each collector: a host fills its heap, and empties it again. */
final class HeapMonitorTest {
  /** The host. */
  static final class Host {
    private static volatile Object sink = "";

    private Host() {}

    public static void main(String[] args) {
      boolean hostsOwn = args.length > 0;
      MemoryPoolMXBean pool = HeapMonitor.oldPool();
      if (hostsOwn && pool.isCollectionUsageThresholdSupported()) {
        pool.setCollectionUsageThreshold(12345);
      }
      long before =
          pool.isCollectionUsageThresholdSupported() ? pool.getCollectionUsageThreshold() : 0;
      AtomicLong told = new AtomicLong();
      try (HeapMonitor monitor = HeapMonitor.start(null)) {
        monitor.whenTight(told::incrementAndGet);
        List<byte[]> held = new ArrayList<>();
        System.out.println("first " + monitor.isTight());
        long limit = monitor.figures().limitBytes();
        for (long sum = 0; sum < limit * 0.87; sum += 8 << 10) {
          held.add(new byte[8 << 10]);
        }
        System.out.println("filled " + await(monitor, true));
        System.out.println(monitor.figures());
        held.clear();
        System.gc(); // what lies in the old generation may stay there for long
        System.out.println("emptied " + await(monitor, false));
        System.out.println(monitor.figures());
        long times = monitor.tightness().times();
        System.out.println("times and told " + (times > 0 && times == told.get()));
        System.out.println("long enough " + (monitor.tightness().nanos() > 0));
      }
      long after =
          pool.isCollectionUsageThresholdSupported() ? pool.getCollectionUsageThreshold() : 0;
      System.out.println("threshold " + before + " " + after + " " + (sink != null));
    }

    /** Makes garbage until the monitor says so. */
    private static boolean await(HeapMonitor monitor, boolean tight) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (monitor.isTight() != tight && System.nanoTime() < deadline) {
        sink = new byte[16 << 10];
      }
      return monitor.isTight();
    }
  }

  private static String run(String collector, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx96m", collector, "-cp", System.getProperty("java.class.path")));
    command.add(Host.class.getName());
    command.addAll(List.of(args));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String out = read(child);
      assumeTrue(!out.contains("Unrecognized VM option"), out);
      assertTrue(child.waitFor(60, TimeUnit.SECONDS));
      return out;
    } finally {
      child.destroyForcibly();
    }
  }

  private static String read(Process child) throws IOException {
    return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:+UseG1GC",
        "-XX:+UseParallelGC",
        "-XX:+UseSerialGC",
        "-XX:+UseZGC",
        "-XX:+UseShenandoahGC"
      })
  void tightWhenTheHostFillsTheHeapAndOkAgain(String collector) throws Exception {
    String out = run(collector);
    assertTrue(out.contains("first false"), out);
    assertTrue(out.contains("filled true"), out);
    assertTrue(out.contains("emptied false"), out);
    assertTrue(out.contains("times and told true"), out);
    assertTrue(out.contains("long enough true"), out);
    assertTrue(out.contains("threshold 0 0"), out);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseParallelGC", "-XX:+UseSerialGC"})
  void theHostsOwnThresholdStays(String collector) throws Exception {
    String out = run(collector, "own");
    assertTrue(out.contains("filled true"), out);
    assertTrue(out.contains("byNotification=false"), out);
    assertTrue(out.contains("emptied false"), out);
    assertTrue(out.contains("threshold 12345 12345"), out);
  }

  @Test
  void anIdleOneTakesNoThreshold() {
    MemoryPoolMXBean pool = HeapMonitor.oldPool();
    long before =
        pool.isCollectionUsageThresholdSupported() ? pool.getCollectionUsageThreshold() : 0;
    try (HeapMonitor monitor = HeapMonitor.idle()) {
      HeapMonitor.Figures figures = monitor.figures();
      assertEquals(pool.getName(), figures.pool());
      assertFalse(figures.byNotification());
      assertFalse(monitor.isTight());
      long now =
          pool.isCollectionUsageThresholdSupported() ? pool.getCollectionUsageThreshold() : 0;
      assertEquals(before, now);
    }
  }

  @Test
  void aThresholdThatTheHostSetsLaterIsNotTakenBack() {
    MemoryPoolMXBean pool = HeapMonitor.oldPool();
    assumeTrue(pool.isCollectionUsageThresholdSupported());
    long before = pool.getCollectionUsageThreshold();
    HeapMonitor monitor = HeapMonitor.start(null);
    assertFalse(monitor.isTight());
    assertEquals(before, pool.getCollectionUsageThreshold(), "it has not looked yet");
    assertTrue(monitor.figures().limitBytes() > 0);
    pool.setCollectionUsageThreshold(4711);
    monitor.close();
    monitor.close();
    assertEquals(4711, pool.getCollectionUsageThreshold());
    pool.setCollectionUsageThreshold(before);
  }
}
