package dev.penstock.nodes;

import java.util.List;

/**
 * Figures about the data of a {@link Source}, for the planner. They describe the data as it was
 * when the source was opened.
 *
 * <p>Thread-safe. What is found out is kept, so that a second call is cheap.
 */
public interface Statistics {
  /** Rows; negative when unknown. Blocking: may read metadata or a sample once. */
  long rows();

  /** Is {@link #rows} the true number; false when it is unknown. Blocking. */
  boolean rowsExact();

  /**
   * What is known of a column. Blocking: the first call for a column may read a few pages of it, so
   * only ask for what is needed. Data that cannot be read gives no figures, and no error: that is
   * the scan's to report.
   *
   * @param ordinal in {@link Source#schema}
   */
  ColumnStatistics column(int ordinal);

  /**
   * Unique keys, each a list of column names: no two rows have the same values there, nulls being
   * equal. Only what was declared or is known by construction, so a plan may rely on it.
   */
  default List<List<String>> keys() {
    return List.of();
  }

  /**
   * Nothing but a number of rows is known.
   *
   * @param rows exact, or negative when unknown
   */
  static Statistics ofRows(long rows) {
    return new Statistics() {
      @Override
      public long rows() {
        return rows;
      }

      @Override
      public boolean rowsExact() {
        return rows >= 0;
      }

      @Override
      public ColumnStatistics column(int ordinal) {
        return ColumnStatistics.UNKNOWN;
      }
    };
  }
}
