package dev.penstock.nodes;

/** A source whose data changes. A query takes one snapshot of it, which all its scans read. */
public interface LiveSource extends Source {
  /** The data as it is now; it stays so, whatever is done to the source. */
  Source snapshot();
}
