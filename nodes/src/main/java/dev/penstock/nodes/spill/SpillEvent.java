package dev.penstock.nodes.spill;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A spill file in a flight recording. */
@Name("dev.penstock.Spill")
@Label("Spill")
@Category("Penstock")
@Description(
    "A file with rows that did not fit in memory, from its first block until it was closed")
@StackTrace(false)
final class SpillEvent extends Event {
  @Label("What")
  String what = "";

  @Label("Rows in memory")
  @DataAmount
  long rawBytes;

  @Label("Written")
  @DataAmount
  long writtenBytes;
}
