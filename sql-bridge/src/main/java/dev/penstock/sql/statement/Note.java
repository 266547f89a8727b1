package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;

/** A statement that has nothing to do here, and says why. */
record Note(String text) implements Command {
  @Override
  public Result run(Work work) {
    return work.status(text);
  }
}
