package dev.penstock.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a command reads and writes: rows go to {@code out}, everything else to {@code err}.
 *
 * @param inIsTerminal whether a person types {@code in}
 * @param outIsTerminal whether a person looks at {@code out}
 * @param errIsTerminal whether a person looks at {@code err}, and it understands escape sequences
 * @param columns width of the terminal
 */
record Streams(
    InputStream in,
    OutputStream out,
    PrintStream err,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal,
    int columns) {
  private static final int DEFAULT_COLUMNS = 100;
  private static final int LEAST_COLUMNS = 20;

  /**
   * Those of this process. The launcher knows better than Java which of them are terminals, and
   * says so in the system properties {@code penstock.terminal} ("in,out,err", or some of them) and
   * {@code penstock.columns}.
   */
  static Streams ofProcess() {
    String told = System.getProperty("penstock.terminal");
    List<String> terminals = told != null ? List.of(told.split(",")) : guessed();
    String type = System.getenv("TERM");
    boolean escapes = type != null && !type.equals("dumb");
    return new Streams(
        System.in,
        new FileOutputStream(FileDescriptor.out),
        System.err,
        terminals.contains("in"),
        terminals.contains("out"),
        terminals.contains("err") && escapes,
        columns(System.getProperty("penstock.columns"), System.getenv("COLUMNS")));
  }

  private static List<String> guessed() {
    // from 22 to 24 there is a console without a terminal, too
    int java = Runtime.version().feature();
    return System.console() != null && (java < 22 || java > 24)
        ? List.of("in", "out", "err")
        : List.of();
  }

  private static int columns(@Nullable String told, @Nullable String environment) {
    String text = Objects.requireNonNullElse(told == null ? environment : told, "");
    return text.matches("[1-9]\\d{0,4}")
        ? Math.max(LEAST_COLUMNS, Integer.parseInt(text))
        : DEFAULT_COLUMNS;
  }

  /** One line about a problem. */
  void complain(String message) {
    err.println("penstock: " + oneLine(message));
    err.flush();
  }

  static String oneLine(@Nullable String message) {
    return message == null
        ? "no message"
        : message.strip().replaceAll("[\\s\\p{Cntrl}]*\\R[\\s\\p{Cntrl}]*", " ");
  }
}
