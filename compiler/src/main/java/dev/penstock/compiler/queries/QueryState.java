package dev.penstock.compiler.queries;

/** What a query is doing, or how it ended. */
public enum QueryState {
  /** Its text is read, checked, rewritten and lowered. */
  PLANNING,
  /** It waits for memory that other queries hold. */
  QUEUED,
  /** Its plan runs, or its result waits to be read. */
  RUNNING,
  /** It was stopped, and its last tasks are ending. */
  CANCELLING,
  /** It gave all its rows, or as many as were wanted. */
  DONE,
  /** An error ended it. */
  FAILED,
  /** A person, its caller, a client that went away, or the end of the engine stopped it. */
  CANCELLED,
  /** Its deadline stopped it. */
  TIMED_OUT;

  /** Whether nothing of it runs any more. */
  public boolean isEnded() {
    return this == DONE || this == FAILED || this == CANCELLED || this == TIMED_OUT;
  }
}
