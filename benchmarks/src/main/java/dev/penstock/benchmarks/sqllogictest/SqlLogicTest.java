package dev.penstock.benchmarks.sqllogictest;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs sqllogictest files.
 *
 * <pre>
 * args: PATH... [--dialect duckdb|sqlite] [--fail-fast] [--verbose] [--limit SECONDS] [--reasons N]
 *       [--only REGEX] [--without REGEX] [--skip-errors-of KIND,...] [--require NAME,...] [--messages]
 * exit: 0 all passed or were skipped, 1 something failed, 2 the arguments are wrong
 * </pre>
 */
public final class SqlLogicTest {
  private static final List<String> ENDINGS = List.of(".test", ".slt", ".test_slow");

  private final List<Path> paths = new ArrayList<>();
  private @Nullable Dialect dialect;
  private boolean failFast;
  private boolean verbose;
  private Duration limit = Duration.ofSeconds(30);
  private int reasons = 40;
  private boolean messages;
  private @Nullable Pattern only;
  private @Nullable Pattern without;
  private final Set<String> required = new TreeSet<>();
  private final Set<Tally.Failure> passedOver = EnumSet.noneOf(Tally.Failure.class);

  private SqlLogicTest() {}

  public static void main(String[] args) throws IOException {
    System.exit(run(args, System.out));
  }

  /** Runs; returns the exit code. */
  static int run(String[] args, PrintStream out) throws IOException {
    SqlLogicTest test = new SqlLogicTest();
    try {
      test.read(args);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      return 2;
    }
    return test.run(out);
  }

  private void read(String[] args) {
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--dialect" -> dialect = Dialect.valueOf(value(args, ++i).toUpperCase(Locale.ROOT));
        case "--fail-fast" -> failFast = true;
        case "--verbose" -> verbose = true;
        case "--limit" -> limit = Duration.ofSeconds(Integer.parseInt(value(args, ++i)));
        case "--reasons" -> reasons = Integer.parseInt(value(args, ++i));
        case "--messages" -> messages = true;
        case "--only" -> only = Pattern.compile(value(args, ++i));
        case "--without" -> without = Pattern.compile(value(args, ++i));
        case "--require" -> required.addAll(List.of(value(args, ++i).split(",")));
        case "--skip-errors-of" -> {
          for (String kind : value(args, ++i).split(",")) {
            passedOver.add(Tally.Failure.named(kind));
          }
        }
        default -> {
          Path path = Path.of(args[i]);
          if (args[i].startsWith("--") || !Files.exists(path)) {
            throw new IllegalArgumentException(
                "expected a file, a folder or an option, got " + args[i]);
          }
          paths.add(path);
        }
      }
    }
    if (paths.isEmpty()) {
      throw new IllegalArgumentException(
          "usage: sqllogictest PATH... [--dialect duckdb|sqlite] [--fail-fast] [--verbose]"
              + " [--limit SECONDS] [--reasons N] [--only REGEX] [--without REGEX]"
              + " [--skip-errors-of KIND,...] [--require NAME,...] [--messages]");
    }
  }

  private static String value(String[] args, int i) {
    if (i >= args.length) {
      throw new IllegalArgumentException("expected a value after " + args[i - 1]);
    }
    return args[i];
  }

  private int run(PrintStream out) throws IOException {
    Tally total = new Tally();
    int files = 0;
    Options options =
        new Options(limit, failFast, messages, required, passedOver, verbose ? out : null);
    for (Path file : files()) {
      Tally tally = run(file, options, out);
      total.add(tally);
      files++;
      if (failFast && total.failed() > 0) {
        break;
      }
    }
    out.println();
    out.println(files + (files == 1 ? " file: " : " files: ") + total.numbers());
    total.table(reasons).forEach(out::println);
    return total.failed() > 0 ? 1 : 0;
  }

  /** One file; what it does to the runner itself is told as a failure of the file. */
  private Tally run(Path file, Options options, PrintStream out) {
    String name = file.toString();
    Tally tally;
    String is = "unread";
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      Dialect known = dialect == null ? Dialect.of(text) : dialect;
      is = known.name().toLowerCase(Locale.ROOT);
      tally = FileRun.run(name, text, known, base(file), options);
    } catch (IOException | RuntimeException | Error e) {
      tally = new Tally();
      tally.fail(Tally.Failure.FAULT, Reasons.of(e), name);
    }
    out.println(name + " (" + is + "): " + tally.numbers());
    return tally;
  }

  private List<Path> files() throws IOException {
    List<Path> out = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> all = Files.walk(path)) {
          out.addAll(
              all.filter(Files::isRegularFile).filter(SqlLogicTest::isTest).sorted().toList());
        }
      } else {
        out.add(path);
      }
    }
    out.removeIf(file -> only != null && !only.matcher(file.toString()).find());
    out.removeIf(file -> without != null && without.matcher(file.toString()).find());
    return out;
  }

  private static boolean isTest(Path file) {
    return ENDINGS.stream().anyMatch(file.getFileName().toString()::endsWith);
  }

  /** Files name data from the folder that holds their {@code test} folder. */
  private static Path base(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    for (Path p = absolute.getParent(); p != null; p = p.getParent()) {
      if (p.endsWith("test") && p.getParent() != null) {
        return p.getParent();
      }
    }
    return Path.of("").toAbsolutePath();
  }
}
