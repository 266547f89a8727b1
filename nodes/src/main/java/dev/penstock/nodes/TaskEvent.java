package dev.penstock.nodes;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A task that ran longer than a turn should, in a flight recording. */
@Name("dev.penstock.Task")
@Label("Task")
@Category("Penstock")
@Description("A task of a node that kept its compute thread longer than a turn of a millisecond")
@StackTrace(false)
@Threshold("10 ms")
final class TaskEvent extends Event {
  @Label("Query")
  String query = "";

  @Label("Node")
  String node = "";
}
