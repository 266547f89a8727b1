package dev.penstock.sources;

/** A scan that may leave out rows that do not fit ({@code :bad-rows :skip}), and counts them. */
public interface CountsSkipped {
  /** Rows left out so far; any thread. */
  long skippedRows();
}
