package dev.penstock.compiler.queries;

import dev.penstock.nodes.Priority;
import java.util.List;

/**
 * What can be seen of a plan that runs, or ran. Any thread may ask; nothing is asked of the tasks,
 * which only leave their counters behind.
 */
public interface LivePlan {
  /** Share of the work that is done, 0 to 1; negative when it cannot be known. */
  double share();

  Figures figures();

  /**
   * @param texts whether operators come with their texts, which take time to make
   */
  GraphSnapshot graph(boolean texts);

  /** From the start until everything ended, or until now. */
  long elapsedNanos();

  void prioritize(Priority priority);

  /** The plan as it was written. */
  PlanText plan();

  /**
   * What the rules made of it. Takes time: it is printed.
   *
   * @param mostNanos what would take longer has no text
   */
  Rewriting rewriting(long mostNanos);

  /**
   * A plan after rewriting.
   *
   * @param text empty when it is not known
   * @param rules that fired, in order
   */
  record Rewriting(String text, List<String> rules) {
    /** Of a query that is not planned yet, or of which it was not kept. */
    public static final Rewriting NONE = new Rewriting("", List.of());

    public Rewriting {
      rules = List.copyOf(rules);
    }
  }

  /**
   * Sums over the whole plan.
   *
   * @param spilledBytes of rows that went to disk, before compression
   * @param diskBytes what was written for them
   * @param busyNanos of compute threads
   */
  record Figures(
      long memoryBytes, long peakMemoryBytes, long spilledBytes, long diskBytes, long busyNanos) {
    static final Figures NONE = new Figures(0, 0, 0, 0, 0);
  }

  /** A plan's text and its hash, made when they are first asked for; it holds no tables. */
  interface PlanText {
    String text();

    String hash();
  }
}
