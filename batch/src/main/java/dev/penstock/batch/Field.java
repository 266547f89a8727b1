package dev.penstock.batch;

/** One column of a schema. {@code nullable} false is a promise that no null comes. */
public record Field(String name, DataType type, boolean nullable) {
  public Field(String name, DataType type) {
    this(name, type, true);
  }
}
