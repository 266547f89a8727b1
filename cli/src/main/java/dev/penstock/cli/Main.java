package dev.penstock.cli;

import dev.penstock.sql.SqlSession;
import java.util.Objects;

/** What {@code ./penstock} starts. */
public final class Main {
  private static final String LOGGING = "slf4j.internal.verbosity";

  private Main() {}

  /**
   * Exit codes: 0 done, 1 the query failed, 2 wrong usage, 130 cancelled.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    if (args.length == 1 && args[0].equals("--version")) {
      // the short way: no other class is loaded
      System.out.println(version());
      return;
    }
    if (System.getProperty(LOGGING) == null) {
      // a library in use would tell, on standard error, that nobody listens to its log
      System.setProperty(LOGGING, "ERROR");
      // named, so that it is not looked for in all jars
      System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    }
    if (ShortCommand.of(args) != null) {
      // beside what looks at the tables. Not for a session: that does more with Clojure
      SqlSession.load();
    }
    System.exit(Commands.run(Streams.ofProcess(), args));
  }

  /** One line: Penstock's version, and the Java that runs it. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return "penstock "
        + Objects.requireNonNullElse(version, "(not packaged)")
        + ", Java "
        + Runtime.version().feature();
  }
}
