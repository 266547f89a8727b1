package dev.penstock.monitor;

import org.jspecify.annotations.Nullable;

/**
 * The one exception of Penstock. The message is one line for a person: what was expected, what
 * came, where, and what to do.
 */
public final class PenstockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who can do something about it. */
  public enum Category {
    /** The plan, the query text or the data is wrong. */
    INCORRECT,
    /** Meaningful, but not built. */
    UNSUPPORTED,
    /** A limit (memory, size, depth, time) was reached. */
    LIMIT,
    /** A file, database or network failed. */
    IO,
    /** Somebody or a deadline stopped the query. */
    CANCELLED,
    /** A defect of Penstock. */
    FAULT
  }

  private final Category category;
  private final String code;

  /**
   * @param code a short, stable, lower-case name of this error, for programs ("unknown-column")
   */
  public PenstockException(
      Category category, String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.category = category;
    this.code = code;
  }

  public PenstockException(Category category, String code, String message) {
    this(category, code, message, null);
  }

  public static PenstockException incorrect(String code, String message) {
    return new PenstockException(Category.INCORRECT, code, message);
  }

  public static PenstockException unsupported(String code, String message) {
    return new PenstockException(Category.UNSUPPORTED, code, message);
  }

  public static PenstockException limit(String code, String message) {
    return new PenstockException(Category.LIMIT, code, message);
  }

  public static PenstockException io(String code, String message, Throwable cause) {
    return new PenstockException(Category.IO, code, message, cause);
  }

  public static PenstockException fault(String message, @Nullable Throwable cause) {
    return new PenstockException(Category.FAULT, "fault", message, cause);
  }

  public Category category() {
    return category;
  }

  public String code() {
    return code;
  }
}
