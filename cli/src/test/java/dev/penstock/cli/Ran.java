package dev.penstock.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;

/** What a command did in this process: its exit code and all that it printed. */
record Ran(int code, String out, String err) {
  static Ran command(String... args) {
    return with("", false, args);
  }

  /**
   * @param terminal whether the output is a terminal, of 40 columns
   */
  static Ran with(String stdin, boolean terminal, String... args) {
    return with(stdin, terminal, streams -> Commands.run(streams, args));
  }

  /** The same, read by picocli in any case. */
  static Ran byPicocli(String... args) {
    return with("", false, streams -> Commands.runAny(streams, args));
  }

  private static Ran with(String stdin, boolean terminal, ToIntFunction<Streams> command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        command.applyAsInt(
            new Streams(
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                terminal,
                false,
                40));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
