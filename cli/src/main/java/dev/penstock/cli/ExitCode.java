package dev.penstock.cli;

/** The exit codes of the program. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int CANCELLED = 130;

  private ExitCode() {}
}
