package dev.penstock.benchmarks.sqllogictest;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs sqllogictest files.
 *
 * <pre>
 * args: PATH... [--dialect duckdb|sqlite] [--fail-fast] [--verbose] [--limit SECONDS] [--reasons N]
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
              + " [--limit SECONDS] [--reasons N]");
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
    for (Path file : files()) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      Dialect is = dialect == null ? Dialect.of(text) : dialect;
      String name = file.toString();
      Tally tally = FileRun.run(name, text, is, base(file), limit, failFast, verbose ? out : null);
      out.println(name + " (" + is.name().toLowerCase(Locale.ROOT) + "): " + tally.numbers());
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
