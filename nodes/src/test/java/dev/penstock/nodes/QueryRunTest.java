package dev.penstock.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.buffer.BatchPipes;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.pipes.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class QueryRunTest {
  private final Scheduler scheduler = new Scheduler(3);
  private final Budget engine = Budget.root("engine", 1L << 30);

  @AfterEach
  void close() {
    assertEquals(0, engine.usedBytes(), "bytes left behind");
    scheduler.close();
  }

  private QueryRun newRun() {
    return new QueryRun(
        scheduler, new QueryContext(new CancellationToken(), engine.child("query"), Batch.ROWS));
  }

  /** Morsel k gives the numbers k * width until (k + 1) * width, in batches of {@code rows}. */
  private static final class Numbers implements Source.Scan {
    private final long morsels;
    private final int width;
    private final int rows;
    private long next;
    final AtomicBoolean closed = new AtomicBoolean();

    Numbers(long morsels, int width, int rows) {
      this.morsels = morsels;
      this.width = width;
      this.rows = rows;
    }

    record Range(long start) implements Source.Morsel {
      @Override
      public long sizeBytes() {
        return 1 << 20;
      }
    }

    @Override
    public Source.@Nullable Morsel next() {
      Scheduler.mayBlock("the test source");
      return next == morsels ? null : new Range(next++ * width);
    }

    @Override
    public Source.Decoder decoder() {
      return new Source.Decoder() {
        private long at;
        private long end;

        @Override
        public void begin(Source.Morsel morsel) {
          at = ((Range) morsel).start();
          end = at + width;
        }

        @Override
        public @Nullable Batch next() {
          int n = (int) Math.min(rows, end - at);
          if (n == 0) {
            return null;
          }
          long[] values = new long[n];
          for (int i = 0; i < n; i++) {
            values[i] = at++;
          }
          return Batch.of(n, new LongColumn(DataType.INT64, values, null, n));
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }

  private static final class AddOne extends OneToOne {
    @Override
    protected Batch apply(Batch batch) {
      LongColumn c = (LongColumn) batch.column(0);
      long[] out = new long[batch.length()];
      for (int i = 0; i < out.length; i++) {
        out[i] = c.values()[i] + 1;
      }
      return Batch.of(out.length, new LongColumn(DataType.INT64, out, null, out.length));
    }
  }

  private Pipe<Batch> scan(
      QueryRun run, Source.Scan scan, int permits, boolean ordered, long pipeBytes) {
    Pipe<Batch> out = BatchPipes.create("out", pipeBytes);
    Pipe<Source.Morsel> morsels = Pump.morsels("numbers");
    Pump pump = Pump.add(run, () -> scan, morsels, List.of());
    Node.named("scan", run)
        .from(morsels)
        .gate(pump.opened())
        .permits(permits)
        .ordered(ordered)
        .chain(
            lane -> List.of(new Decode(pump.opened().get().decoder()), new AddOne(), new AddOne()))
        .to(out)
        .build();
    return out;
  }

  private static List<Long> drain(Pipe<Batch> pipe) throws InterruptedException {
    Cursor cursor = new Cursor(pipe);
    List<Long> out = new ArrayList<>();
    for (Batch b = cursor.next(); b != null; b = cursor.next()) {
      for (int i = 0; i < b.count(); i++) {
        out.add((Long) b.column(0).value(b.position(i)));
      }
    }
    return out;
  }

  @ParameterizedTest
  @CsvSource({
    "1,false,1000",
    "3,false,1000",
    "3,true,1000",
    "3,true,100000000",
    "2,true,1",
    "32,true,70000"
  })
  void everyRowComesOnce(int permits, boolean ordered, long pipeBytes) throws Exception {
    QueryRun run = newRun();
    Numbers numbers = new Numbers(300, 1000, 64);
    Pipe<Batch> out = scan(run, numbers, permits, ordered, pipeBytes);
    run.start();
    List<Long> got = drain(out);
    run.finished().get(10, TimeUnit.SECONDS);
    assertTrue(numbers.closed.get());
    if (!ordered) {
      got.sort(null);
    }
    assertEquals(300_000, got.size());
    for (int i = 0; i < got.size(); i++) {
      assertEquals(i + 2L, got.get(i));
    }
    assertNull(run.token().cause());
  }

  @Test
  void aConsumerThatStopsEndsTheSource() throws Exception {
    QueryRun run = newRun();
    Numbers numbers = new Numbers(Long.MAX_VALUE / 2000, 1000, 100);
    Pipe<Batch> out = scan(run, numbers, 2, true, 10_000);
    run.start();
    Cursor cursor = new Cursor(out);
    assertEquals(2L, cursor.next().column(0).value(0));
    out.stop();
    run.finished().get(10, TimeUnit.SECONDS);
    assertTrue(numbers.closed.get());
    assertFalse(run.token().isCancelled());
  }

  @Test
  void aCancelledQueryEndsWithItsCause() throws Exception {
    QueryRun run = newRun();
    Pipe<Batch> out = scan(run, new Numbers(Long.MAX_VALUE / 2000, 1000, 100), 3, false, 10_000);
    run.start();
    Cursor cursor = new Cursor(out);
    cursor.next();
    run.token().cancel(CancellationToken.Reason.PERSON, "cancelled by Ann");
    run.finished().get(10, TimeUnit.SECONDS);
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () -> {
              while (cursor.next() != null) {}
            });
    assertEquals("cancelled by Ann", e.getMessage());
    assertEquals(PenstockException.Category.CANCELLED, e.category());
  }

  @Test
  void aCancelBeforeTheStartIsKept() throws Exception {
    QueryRun run = newRun();
    Pipe<Batch> out = scan(run, new Numbers(10, 10, 10), 3, false, 10_000);
    run.token().cancel(CancellationToken.Reason.CALLER, "no longer wanted");
    run.start();
    run.finished().get(10, TimeUnit.SECONDS);
    assertEquals(
        "no longer wanted", assertThrows(PenstockException.class, () -> drain(out)).getMessage());
  }

  @Test
  void aFailureInAStepIsTheQuerysFailureAndEveryStepIsClosed() throws Exception {
    QueryRun run = newRun();
    AtomicInteger opened = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    Pipe<Batch> in = scan(run, new Numbers(100, 1000, 100), 2, false, 10_000);
    Pipe<Batch> out = BatchPipes.create("failing");
    PenstockException boom = PenstockException.incorrect("boom", "row 5 is bad");
    Node.named("failing", run)
        .from(in)
        .permits(3)
        .chain(
            lane -> {
              opened.incrementAndGet();
              return List.of(
                  new Step<Batch>() {
                    @Override
                    public Progress step(Inlet<? extends Batch> inlet, Outlet outlet) {
                      Batch b = inlet.poll();
                      if (b == null) {
                        return inlet.isDone() ? Progress.DONE : Progress.STUCK;
                      }
                      throw boom;
                    }

                    @Override
                    public void close() {
                      closed.incrementAndGet();
                    }
                  });
            })
        .to(out)
        .build();
    run.start();
    assertSame(boom, assertThrows(PenstockException.class, () -> drain(out)));
    run.finished().get(10, TimeUnit.SECONDS);
    assertSame(boom, run.token().cause());
    assertTrue(opened.get() >= 1);
    assertEquals(opened.get(), closed.get());
  }

  @Test
  void theCloseTaskRunsOnceAfterAllLanes() throws Exception {
    for (int round = 0; round < 200; round++) {
      QueryRun run = newRun();
      AtomicLong sum = new AtomicLong();
      AtomicInteger closes = new AtomicInteger();
      AtomicLong atClose = new AtomicLong();
      Pipe<Batch> in = scan(run, new Numbers(20, 50, 10), 3, false, 100);
      Pipe<Batch> out = BatchPipes.create("done");
      Node.named("sum", run)
          .from(in)
          .permits(3)
          .chain(
              lane ->
                  List.of(
                      new OneToOne() {
                        @Override
                        protected @Nullable Batch apply(Batch b) {
                          for (int i = 0; i < b.count(); i++) {
                            sum.addAndGet((Long) b.column(0).value(i));
                          }
                          return null;
                        }
                      }))
          .atClose(
              () -> {
                closes.incrementAndGet();
                atClose.set(sum.get());
              })
          .to(out)
          .build();
      run.start();
      assertEquals(List.of(), drain(out));
      run.finished().get(10, TimeUnit.SECONDS);
      assertEquals(1, closes.get());
      assertEquals(1000L * 999 / 2 + 2000, atClose.get());
    }
  }

  @Test
  void queriesTakeTurns() throws Exception {
    // A long query keeps all workers busy; a short one must end long before it.
    QueryRun longRun = newRun();
    Numbers endless = new Numbers(Long.MAX_VALUE / 2_000_000, 1_000_000, 2000);
    Pipe<Batch> longOut = scan(longRun, endless, 8, false, 100_000_000_000L);
    CountDownLatch busy = new CountDownLatch(50);
    longOut.addCallback(
        () -> {
          while (longOut.dequeue() != null) {
            busy.countDown();
          }
        });
    longRun.start();
    busy.await();
    for (int i = 0; i < 20; i++) {
      QueryRun run = newRun();
      Pipe<Batch> out = scan(run, new Numbers(3, 10, 10), 2, true, 10_000);
      run.start();
      assertEquals(30, drain(out).size());
      run.finished().get(10, TimeUnit.SECONDS);
    }
    assertFalse(longRun.finished().isDone());
    longRun.token().cancel(CancellationToken.Reason.CALLER, "enough");
    longRun.finished().get(10, TimeUnit.SECONDS);
  }

  @Test
  void blockingOnAWorkerIsADefectThatIsNamed() throws Exception {
    QueryRun run = newRun();
    Pipe<Batch> out = BatchPipes.create("out");
    Node.named("blocks", run)
        .chain(
            lane -> {
              Scheduler.mayBlock("reading people.csv");
              return List.of(new AddOne());
            })
        .to(out)
        .build();
    run.start();
    PenstockException e = assertThrows(PenstockException.class, () -> drain(out));
    run.finished().get(10, TimeUnit.SECONDS);
    assertEquals(PenstockException.Category.FAULT, e.category());
    assertTrue(
        e.getMessage().startsWith("reading people.csv would block compute thread penstock-worker-"),
        e.getMessage());
  }
}
