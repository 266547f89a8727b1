package dev.penstock.compiler;

import dev.penstock.nodes.LiveSource;
import dev.penstock.nodes.Source;
import dev.penstock.sources.memory.ColumnTable;
import java.util.Map;

/**
 * A table that a plan was prepared for, as it was then. Sources of files are the same object as
 * long as the files are unchanged; of a table in memory it is enough that it is the same one, and
 * about as large, for no rule relies on its statistics.
 *
 * @param source what the name or path meant
 * @param snapshot what it held, if it is live and not in memory; else the source
 * @param rows how many, if it is in memory
 */
record TableState(
    Object ref, Map<String, Object> options, Source source, Source snapshot, long rows) {
  /**
   * A table in memory may become so many times as large, or as small, before a plan is made anew.
   */
  private static final double GROWTH = 2;

  /** So many rows more or less are never worth another plan. */
  private static final long FEW_ROWS = 1000;

  static TableState of(Object ref, Map<String, Object> options, Source source) {
    if (source instanceof ColumnTable table) {
      return new TableState(ref, options, source, source, table.rowCount());
    }
    Source snapshot = source instanceof LiveSource live ? live.snapshot() : source;
    return new TableState(ref, options, source, snapshot, -1);
  }

  boolean isLike(TableState now) {
    return source == now.source
        && snapshot == now.snapshot
        && (Math.abs(now.rows - rows) <= FEW_ROWS
            || (now.rows <= GROWTH * rows && rows <= GROWTH * now.rows));
  }
}
