package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Rig;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs steps without a scheduler. */
final class Drive {
  private Drive() {}

  static List<Batch> step(Step<Batch> step, List<Batch> input) {
    ArrayDeque<Batch> left = new ArrayDeque<>(input);
    Inlet<Batch> in =
        new Inlet<>() {
          @Override
          public @Nullable Batch poll() {
            return left.poll();
          }

          @Override
          public boolean isDone() {
            return left.isEmpty();
          }
        };
    List<Batch> out = new ArrayList<>();
    while (step.step(in, out::add) != Progress.DONE) {}
    return out;
  }

  /** One lane. */
  static List<Batch> join(Rig rig, List<Batch> build, List<Batch> probe) {
    step(rig.sink(0, 0), build);
    rig.inputDone(0);
    return step(rig.sink(1, 0), probe);
  }

  static JoinBuild build(QueryContext query, JoinSpec spec, Batch batch) {
    JoinBuild build = new JoinBuild(query, spec, 1);
    step(build.sink(0), List.of(batch));
    insert(build, build.finish());
    return build;
  }

  private static void insert(JoinBuild build, List<? extends Source.Morsel> morsels) {
    for (Source.Morsel morsel : morsels) {
      try (Source.Decoder decoder = build.decoder()) {
        decoder.begin(morsel);
        decoder.next();
      }
    }
  }

  /** A sink lane for each batch, and two threads that insert. */
  static JoinBuild buildInThreads(QueryContext query, JoinSpec spec, List<Batch> batches) {
    JoinBuild build = new JoinBuild(query, spec, 1);
    for (int lane = 0; lane < batches.size(); lane++) {
      step(build.sink(lane), List.of(batches.get(lane)));
    }
    List<? extends Source.Morsel> morsels = build.finish();
    AtomicInteger next = new AtomicInteger();
    Runnable work =
        () -> {
          for (int m = next.getAndIncrement(); m < morsels.size(); m = next.getAndIncrement()) {
            insert(build, List.of(morsels.get(m)));
          }
        };
    Thread other = new Thread(work, "inserter");
    other.start();
    work.run();
    try {
      other.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return build;
  }
}
