package dev.penstock.benchmarks.sqllogictest;

import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs one script in an engine of its own. */
final class FileRun {
  private static final String FILE = "<FILE>:";
  private static final Pattern ORDER = Pattern.compile("(?i)\\bORDER\\s+BY\\b");

  /** Ends the script: the rest of it is skipped. */
  private static final class Stop extends Exception {
    private static final long serialVersionUID = 1L;
    final boolean quiet;

    Stop(String reason, boolean quiet) {
      super(reason);
      this.quiet = quiet;
    }
  }

  private final String name;
  private final Dialect dialect;
  private final Path scratch;
  private final Variables variables;
  private final Tally tally = new Tally();
  private final Map<String, String> labels = new HashMap<>();
  private final Options options;
  private final Path directory;
  private final Runner runner;
  private String database = "";
  private boolean skipping;

  private FileRun(
      String name, Dialect dialect, Path scratch, Path directory, Runner runner, Options options) {
    this.name = name;
    this.dialect = dialect;
    this.scratch = scratch;
    this.directory = directory;
    this.runner = runner;
    this.options = options;
    variables = new Variables(dialect);
  }

  /**
   * Whatever goes wrong is in the tally.
   *
   * @param name what messages call the script
   * @param directory where relative paths of files begin
   */
  static Tally run(String name, String text, Dialect dialect, Path directory, Options options)
      throws IOException {
    Path scratch = Files.createTempDirectory("sqllogictest");
    try (Runner runner = new Runner(dialect, directory, options.limit())) {
      FileRun run = new FileRun(name, dialect, scratch, directory, runner, options);
      try {
        run.items(ScriptReader.read(text));
      } catch (Stop e) {
        if (!e.quiet) {
          run.tally.skip(String.valueOf(e.getMessage()), name, 1);
        }
      } catch (PenstockException e) {
        run.failed(Tally.Failure.SCRIPT, Reasons.of(e), name, "", String.valueOf(e.getMessage()));
      } catch (RuntimeException | Error e) {
        run.failed(Tally.Failure.FAULT, Reasons.of(e), name, "", "got " + e);
      }
      return run.tally;
    } finally {
      delete(scratch);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    }
  }

  private void items(List<Item> items) throws Stop {
    for (Item item : items) {
      if (item instanceof Item.Directive d) {
        if (variables.allow(d.conditions())) {
          directive(d);
        }
      } else if (item instanceof Item.Loop loop) {
        loop(loop);
      } else if (item instanceof Item.Statement s) {
        if (wanted(s.conditions(), s.line())) {
          statement(s);
        }
      } else if (item instanceof Item.Query q && wanted(q.conditions(), q.line())) {
        query(q);
      }
    }
  }

  private boolean wanted(List<Item.Condition> conditions, int line) {
    if (skipping) {
      tally.skip("mode skip", name + ":" + line, 1);
      return false;
    }
    if (!variables.allow(conditions)) {
      tally.skip("skipif, onlyif", name + ":" + line, 1);
      return false;
    }
    return true;
  }

  /** Concurrent loops too go round by round. */
  private void loop(Item.Loop loop) throws Stop {
    if (!variables.allow(loop.conditions())) {
      return;
    }
    List<String> values = loop.values().stream().map(variables::in).toList();
    if (loop.range()) {
      int from = ScriptReader.number(values.get(0), loop.line());
      int to = ScriptReader.number(values.get(1), loop.line());
      values = IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }
    for (String value : values) {
      variables.set(loop.variables(), value);
      items(loop.body());
    }
    variables.drop(loop.variables());
  }

  private void directive(Item.Directive d) throws Stop {
    List<String> words = d.words().stream().map(variables::in).toList();
    String argument = words.size() > 1 ? words.get(1) : "";
    switch (words.get(0)) {
      case "halt" -> throw new Stop("halt", true);
      case "mode" -> {
        if (argument.equals("skip") || argument.equals("unskip")) {
          skipping = argument.equals("skip");
        }
      }
      case "require" -> {
        if (!Foreign.isHarmless(argument) && !options.required().contains(argument)) {
          throw new Stop("require " + argument, false);
        }
      }
      case "require-env" -> {
        String value = System.getenv(argument);
        if (value == null || words.size() > 2 && !words.get(2).equals(value)) {
          throw new Stop("require-env " + argument, false);
        }
        variables.set(argument, value);
      }
      case "load" -> load(argument);
      case "restart", "unzip", "include" -> throw new Stop(words.get(0), false);
      case "reconnect" -> runner.reconnect();
      case "test-env" -> variables.set(argument, words.size() > 2 ? words.get(2) : "");
      case "hash-threshold",
          "tags",
          "set",
          "reset",
          "sleep",
          "template",
          "subtest",
          "control",
          "test-name",
          "connection",
          "continue" -> {}
      default ->
          fail(
              Tally.Failure.SCRIPT,
              "unknown word " + words.get(0),
              name + ":" + d.line(),
              "",
              String.join(" ", words));
    }
  }

  /** A new database is an empty one. What an earlier one held is kept nowhere. */
  private void load(String file) throws Stop {
    if (!database.isEmpty() || Files.exists(directory.resolve(file))) {
      throw new Stop("load of a database file", false);
    }
    database = file;
  }

  private void statement(Item.Statement s) throws Stop {
    String sql = variables.in(s.sql(), scratch.toString());
    String place = name + ":" + s.line();
    if (Foreign.isSetting(sql)) {
      tally.skip("settings of another engine", place, 1);
      return;
    }
    try {
      Runner.Rows rows = runner.run(sql, variables.in(s.session()));
      if (s.end() == Item.End.ERROR) {
        String got = rows.rows().size() + " rows";
        fail(Tally.Failure.NO_ERROR, firstWords(sql), place, sql, "expected an error\ngot " + got);
      } else if (s.count() >= 0 && rows.count() != s.count()) {
        String what = "expected " + s.count() + " rows\ngot " + rows.count();
        fail(Tally.Failure.WRONG_RESULT, "wrong number of rows", place, sql, what);
      } else {
        tally.pass();
      }
    } catch (Stop e) {
      throw e;
    } catch (Throwable e) {
      Tally.Failure kind = Reasons.kind(e);
      if (s.end() == Item.End.OK || kind == Tally.Failure.FAULT || kind == Tally.Failure.TIME) {
        error(e, place, sql);
      } else if (options.messages() && !Answer.isMessage(message(s), Reasons.message(e))) {
        String what = "expected\n" + message(s) + "\ngot\n" + Reasons.message(e);
        fail(Tally.Failure.MESSAGE, Reasons.of(e), place, sql, what);
      } else {
        tally.pass();
      }
    }
  }

  private String message(Item.Statement s) {
    return variables.in(String.join("\n", s.message()));
  }

  private void query(Item.Query q) throws Stop {
    String sql = variables.in(q.sql(), scratch.toString());
    String place = name + ":" + q.line();
    try {
      Runner.Rows rows = runner.run(sql, variables.in(q.session()));
      Answer answer = Answer.of(dialect, q.types(), rows.types(), rows.rows());
      String difference = difference(q, answer);
      if (difference == null) {
        tally.pass();
      } else {
        List<String> expected = q.expected() == null ? List.of() : q.expected();
        fail(
            Tally.Failure.WRONG_RESULT,
            difference,
            place,
            sql,
            "expected\n"
                + String.join("\n", expected)
                + "\ngot\n"
                + String.join("\n", answer.sorted(q.sort()).lines()));
      }
    } catch (Stop e) {
      throw e;
    } catch (Throwable e) {
      error(e, place, sql);
    }
  }

  private @Nullable String difference(Item.Query q, Answer answer) {
    if (!q.types().isEmpty() && q.types().length() != answer.types().size()) {
      return "wrong number of columns";
    }
    if (!q.label().isEmpty()) {
      String hash = answer.hash(q.sort(), dialect);
      String first = labels.putIfAbsent(q.label(), hash);
      if (first != null && !first.equals(hash)) {
        return "another result than the first query of its label";
      }
    }
    List<String> lines = q.expected();
    if (lines == null) {
      return null;
    }
    Item.Sort sort = q.sort() == Item.Sort.NONE && !isOrdered(q.sql()) ? Item.Sort.ROWS : q.sort();
    boolean hashed = lines.size() == 1 && lines.get(0).contains(" values hashing to ");
    boolean file = lines.size() == 1 && lines.get(0).startsWith(FILE);
    List<String> expected =
        file
            ? fileLines(variables.in(lines.get(0).substring(FILE.length()).strip()))
            : lines.stream().map(variables::in).toList();
    return answer.difference(expected, hashed ? q.sort() : sort, dialect);
  }

  /** The rows of a file with a header, between bars, as a script writes rows. */
  private List<String> fileLines(String path) {
    try {
      return Files.readAllLines(directory.resolve(path)).stream()
          .skip(1)
          .map(line -> line.replace('|', '\t'))
          .toList();
    } catch (IOException e) {
      throw PenstockException.incorrect("slt-file", "cannot read the expected rows: " + e);
    }
  }

  /** Has the query an ORDER BY of its own, outside of parentheses? If not, any order is right. */
  static boolean isOrdered(String sql) {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && c == '(') {
        depth++;
      } else if (!quoted && c == ')') {
        depth--;
      } else if (!quoted && depth == 0 && ORDER.matcher(sql).region(i, sql.length()).lookingAt()) {
        return true;
      }
    }
    return false;
  }

  private void error(Throwable e, String place, String sql) throws Stop {
    fail(Reasons.kind(e), Reasons.of(e), place, sql, "got " + e);
    if (e instanceof Runner.Stuck) {
      throw new Stop("a statement did not stop", false);
    }
  }

  private static String firstWords(String sql) {
    String[] words = sql.strip().split("\\s+", 3);
    return words[0] + (words.length > 1 ? " " + words[1] : "");
  }

  private void fail(Tally.Failure kind, String reason, String place, String sql, String what)
      throws Stop {
    failed(kind, reason, place, sql, what);
    if (options.failFast() && !options.passedOver().contains(kind)) {
      throw new Stop("the first failure", true);
    }
  }

  private void failed(Tally.Failure kind, String reason, String place, String sql, String what) {
    if (options.passedOver().contains(kind)) {
      tally.skip(kind.words + ": " + reason, place, 1);
      return;
    }
    tally.fail(kind, reason, place);
    PrintStream verbose = options.verbose();
    if (verbose != null) {
      verbose.println(place + ": " + kind.words + ": " + reason);
      verbose.println((sql + what).indent(2));
    }
  }
}
