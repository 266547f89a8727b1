package dev.penstock.server;

/** A request that is refused before it becomes a query, or that no query can answer. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  private Refusal(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  /** What the client gets: a status from 400 on, a code for programs, a line for people. */
  public static Refusal of(int status, String code, String message) {
    return new Refusal(Problem.incorrect(status, code, message));
  }

  /** The server has no room for it now, or never for so much. */
  public static Refusal limit(int status, String code, String message) {
    return new Refusal(new Problem(status, "LIMIT", code, message, 0, 0));
  }

  Problem problem() {
    return problem;
  }
}
