package dev.penstock.cli;

import org.jspecify.annotations.Nullable;

/** A command line that cannot be done: one line on standard error, and exit code 2. */
final class WrongUsage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongUsage(@Nullable String message) {
    super(message);
  }
}
