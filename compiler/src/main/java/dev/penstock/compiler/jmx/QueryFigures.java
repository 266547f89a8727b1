package dev.penstock.compiler.jmx;

/** A query at one moment, of types that JMX can carry. Times are ISO texts, empty for none. */
public interface QueryFigures {
  @Says("Unique within the engine.")
  long getId();

  @Says("Who began it; empty when nobody was named.")
  String getOwner();

  @Says("What was asked, or the plan; of a long text the beginning.")
  String getText();

  @Says(
      "PLANNING, QUEUED (waits for memory), RUNNING, CANCELLING, DONE, FAILED, CANCELLED or TIMED_OUT.")
  String getState();

  @Says("LOW, NORMAL or HIGH.")
  String getPriority();

  @Says("When its text was handed over.")
  String getBegun();

  @Says("When it ended; empty while it has not.")
  String getEnded();

  @Says("When it is stopped; empty: never.")
  String getDeadline();

  @Says("From its beginning until its end, or until now.")
  double getElapsedSeconds();

  @Says("From its beginning until it was planned, or until now.")
  double getPlanningSeconds();

  @Says("How long it waited for memory.")
  double getQueuedSeconds();

  @Says("Time of compute threads, added up.")
  double getBusySeconds();

  @Says("Share of the work that is done, 0 to 1; negative when unknown.")
  double getProgress();

  @Says("An estimate; negative when unknown.")
  double getSecondsLeft();

  @Says("Rows that the reader of the result has taken.")
  long getRows();

  @Says("Bytes that it holds now.")
  long getMemoryBytes();

  @Says("Bytes: the most that it held at once.")
  long getPeakMemoryBytes();

  @Says("Bytes of rows that went to disk, before compression.")
  long getSpilledBytes();

  @Says("Bytes that were written to disk for them.")
  long getDiskBytes();

  @Says(
      "Why it stopped before its end: ERROR, PERSON, CALLER, DEADLINE, CLIENT_GONE or SHUTDOWN; empty when it did not.")
  String getCause();

  @Says("What its caller got, one line; empty when it did not fail.")
  String getError();
}
