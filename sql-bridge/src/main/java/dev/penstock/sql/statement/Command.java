package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;

/** A statement that was read. */
public interface Command {
  /**
   * Does what the statement says. Blocking; a query runs on while its result is taken, everything
   * else is done when this returns.
   */
  Result run(Work work);
}
