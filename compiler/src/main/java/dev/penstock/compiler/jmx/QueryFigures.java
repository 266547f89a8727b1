package dev.penstock.compiler.jmx;

/** A query at one moment, of types that JMX can carry. Times are ISO texts, empty for none. */
public interface QueryFigures {
  long getId();

  String getOwner();

  String getText();

  String getState();

  String getPriority();

  String getBegun();

  String getEnded();

  String getDeadline();

  double getElapsedSeconds();

  double getPlanningSeconds();

  double getQueuedSeconds();

  double getBusySeconds();

  /** Share of the work that is done, 0 to 1; negative when unknown. */
  double getProgress();

  /** An estimate; negative when unknown. */
  double getSecondsLeft();

  /** Rows that the reader of the result has taken. */
  long getRows();

  long getMemoryBytes();

  long getPeakMemoryBytes();

  long getSpilledBytes();

  long getDiskBytes();

  /** Why it stopped before its end: ERROR, PERSON, ...; empty when it did not. */
  String getCause();

  /** What its caller got; empty when it did not fail. */
  String getError();
}
