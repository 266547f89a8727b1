package dev.penstock.sparql.store;

/**
 * How far a load is.
 *
 * @param phase what it does
 * @param readBytes bytes of the input that were read (as they lie in the file)
 * @param totalBytes bytes of the input, or -1 when that is not known
 * @param triples triples that were read
 * @param skipped lines that were left out
 */
public record LoadProgress(
    Phase phase, long readBytes, long totalBytes, long triples, long skipped) {
  /** The steps of a load, in their order. */
  public enum Phase {
    /** Reading, and sorting by subject. */
    READ,
    /** Writing by subject. */
    SPO,
    /** By object. */
    OSP,
    /** By predicate. */
    POS,
    /** All is in place. */
    DONE
  }
}
