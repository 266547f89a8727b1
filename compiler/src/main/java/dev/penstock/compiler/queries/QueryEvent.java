package dev.penstock.compiler.queries;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A query in a flight recording, from its beginning to its end. */
@Name("dev.penstock.Query")
@Label("Query")
@Category("Penstock")
@Description(
    "A query, from the moment its text was handed over until everything of it was released")
@StackTrace(false)
final class QueryEvent extends Event {
  @Label("Id")
  long id;

  @Label("Owner")
  String owner = "";

  @Label("Text")
  String text = "";

  @Label("State")
  String state = "";

  @Label("Planning")
  @Timespan(Timespan.NANOSECONDS)
  long planning;

  @Label("Queued")
  @Timespan(Timespan.NANOSECONDS)
  long queued;

  @Label("Busy")
  @Timespan(Timespan.NANOSECONDS)
  long busy;

  @Label("Rows")
  long rows;

  @Label("Peak memory")
  @DataAmount
  long peakMemory;

  @Label("Spilled")
  @DataAmount
  long spilled;

  void commit(QuerySnapshot end) {
    id = end.id();
    owner = end.owner();
    text = end.text();
    state = end.state().name();
    planning = end.planningNanos();
    queued = end.queuedNanos();
    busy = end.busyNanos();
    rows = end.rows();
    peakMemory = end.peakMemoryBytes();
    spilled = end.spilledBytes();
    commit();
  }
}
