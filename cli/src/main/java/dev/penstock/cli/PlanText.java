package dev.penstock.cli;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a plan comes from: a file, standard input, or the command line. */
final class PlanText {
  @Parameters(
      index = "0",
      paramLabel = "PLAN.edn",
      description = "A file, or - for standard input.")
  private @Nullable String file;

  @Option(
      names = {"-e", "--eval"},
      paramLabel = "PLAN",
      description = "The plan itself.")
  private @Nullable String text;

  /** What stands before line and column in messages. */
  String name() {
    return text != null ? "-e" : "-".equals(file) ? "stdin" : String.valueOf(file);
  }

  /** Blocking. */
  String read(InputStream stdin) {
    return text != null
        ? text
        : "-".equals(file) ? TextFile.ofStdin(stdin, "a plan") : TextFile.read(name(), "a plan");
  }
}
