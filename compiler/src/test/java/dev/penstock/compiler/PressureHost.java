package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.HeapMonitor;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The host of {@link HostPressureTest}, a JVM of its own with an engine in it: runs plans, fills
 * its heap, runs them again, empties it.
 */
final class PressureHost {
  private static final String ROWS =
      "(bind+ [[K (mod (* N 7919) 150001)] [T (concat \"a text of some length, so that rows are not small, of row \" (cast N :varchar))]]"
          + " (series+ N 1 300000))";
  private static final List<String> PLANS =
      List.of(
          "(sort+ [T] " + ROWS + ")",
          "(sort+ [K] (group+ [K] [[S (sum N)] [M (max T)]] " + ROWS + "))",
          "(sort+ [N] (join+ [[N J]] " + ROWS + " (project+ [[J N] [U T] [M K]] " + ROWS + ")))");

  private static final int PIECE = 64 << 10;
  private static volatile Object sink = "";

  private final Engine engine;
  private final Deque<byte[]> ballast = new ArrayDeque<>();

  private PressureHost(Engine engine) {
    this.engine = engine;
  }

  public static void main(String[] args) throws Exception {
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(2)
            .withSpillTo(new EngineOptions.SpillTo(Path.of(args[0]), 1L << 33));
    try (Engine engine = Engine.create(options)) {
      new PressureHost(engine).run();
    }
  }

  private void run() throws Exception {
    List<String> expected = new ArrayList<>();
    for (String plan : PLANS) {
      expected.add(roomy("ample", plan));
    }
    Result slow = engine.run("(sort+ [[N :desc]] " + ROWS + ")");
    CountDownLatch ended = new CountDownLatch(1);
    slow.whenEnded(ended::countDown);
    Batch first = Objects.requireNonNull(slow.next());
    System.out.println("running " + (ended.getCount() > 0));
    System.out.println("filled " + fill());
    System.out.println(engine.heap());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!ended.await(50, TimeUnit.MILLISECONDS) && System.nanoTime() < deadline) {
      hold();
    }
    System.out.println("ended before its reader " + (ended.getCount() == 0));
    for (int i = 0; i < PLANS.size(); i++) {
      hold();
      StringBuilder said = new StringBuilder();
      System.out.println("same " + expected.get(i).equals(digest("tight", PLANS.get(i), said)));
      System.out.print(said);
    }
    long next = 300_000L - first.count();
    boolean right = first.row(0)[0].equals(300_000L);
    for (Batch batch = slow.next(); batch != null; batch = slow.next()) {
      for (int r = 0; r < batch.count(); r++) {
        right &= batch.row(r)[0].equals(next--);
      }
    }
    System.out.println("read slowly " + (right && next == 0));
    System.out.println(last(slow));
    slow.close();
    ballast.clear();
    System.gc(); // what lies in the old generation may stay there for long
    System.out.println("emptied " + await(false));
    System.out.println(engine.heap());
    for (int i = 0; i < PLANS.size(); i++) {
      System.out.println("same " + expected.get(i).equals(roomy("again", PLANS.get(i))));
    }
    System.out.println("garbage " + (sink != null));
    System.out.println("holds " + engine.budget().usedBytes());
  }

  /** Until the monitor says so, and what the host holds is enough to keep it so. */
  private boolean fill() {
    HeapMonitor.Figures heap = engine.heap();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Runtime jvm = Runtime.getRuntime();
    while (System.nanoTime() < deadline) {
      long held = (long) ballast.size() * PIECE;
      if (engine.pressure().isTight() && held > heap.tightBytes() * 0.85) {
        break;
      }
      if (held < heap.tightBytes()) {
        ballast.add(new byte[PIECE]);
      } else {
        sink = new byte[PIECE];
      }
      if (jvm.totalMemory() - jvm.freeMemory() > heap.limitBytes() / 2) {
        LockSupport.parkNanos(1_000_000); // looks come every 100 ms
      }
    }
    return engine.pressure().isTight();
  }

  /** The host goes on to need its heap. */
  private void hold() {
    if (!engine.pressure().isTight()) {
      System.out.println("again tight " + fill());
    }
  }

  private boolean await(boolean tight) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (engine.pressure().isTight() != tight && System.nanoTime() < deadline) {
      sink = new byte[16 << 10];
    }
    return engine.pressure().isTight() == tight;
  }

  /** The same with a heap that is not tight: collectors that lag behind may say so of garbage. */
  private String roomy(String when, String plan) {
    for (int tries = 1; ; tries++) {
      long before = engine.heap().tightNanos();
      StringBuilder said = new StringBuilder();
      String digest = digest(when, plan, said);
      if (engine.heap().tightNanos() == before || tries == 20) {
        System.out.print(said);
        return digest;
      }
      System.out.println("tight for garbage");
      System.gc();
      await(false);
    }
  }

  private String digest(String when, String plan, StringBuilder said) {
    try (Result result = engine.runTimed(engine.prepare(plan))) {
      long hash = 0;
      long rows = 0;
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        for (int r = 0; r < batch.count(); r++) {
          @Nullable Object[] row = batch.row(r);
          hash = 31 * hash + Arrays.hashCode(row);
          rows++;
        }
      }
      Profile profile = result.profile();
      List<String> spilled =
          profile.operators().stream()
              .filter(o -> o.spilledBytes() > 0)
              .map(Profile.Operator::op)
              .toList();
      boolean out = profile.pressure().outOfHeapBytes() > 0;
      said.append(when + " spilled " + spilled + ", out of heap " + out + "\n");
      said.append(last(result) + "\n");
      return rows + " rows, " + hash;
    }
  }

  private static String last(Result result) {
    List<String> lines = result.profile().text().lines().toList();
    return lines.get(lines.size() - 1);
  }
}
