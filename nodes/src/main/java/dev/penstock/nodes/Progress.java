package dev.penstock.nodes;

/** What one call of a step did. */
public enum Progress {
  /** It took an item or gave a batch; call again. */
  MOVED,
  /** Nothing to take, or nowhere to put it; call again when that changes. */
  STUCK,
  /** It will never give anything more, whatever comes. Its inlet need not be drained. */
  DONE
}
