package dev.penstock.benchmarks.beside;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Peers that take turns at a case. */
public final class Rounds {
  private Rounds() {}

  /** A measured piece of work. */
  public interface Work {
    double measure() throws Exception;
  }

  /**
   * Samples of works that take turns: first round all of them, second round all of them ...
   *
   * @param warmup rounds before, whose samples are dropped
   */
  public static double[][] take(List<? extends Work> works, int warmup, int rounds)
      throws Exception {
    double[][] samples = new double[works.size()][rounds];
    for (int round = -warmup; round < rounds; round++) {
      for (int w = 0; w < works.size(); w++) {
        double sample = works.get(w).measure();
        if (round >= 0) {
          samples[w][round] = sample;
        }
      }
    }
    return samples;
  }

  /**
   * Fails unless the answers to a query are the same.
   *
   * @param exact numbers with a fraction must be equal; else they may differ by 1e-9 of themselves
   */
  public static void checkSame(
      String what, Answer ours, Answer theirs, String peer, boolean exact) {
    @Nullable String difference = ours.difference(theirs, 1e-9, exact);
    if (difference != null) {
      throw new IllegalStateException(what + ": wrong beside " + peer + ": " + difference);
    }
  }
}
