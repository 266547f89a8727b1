package dev.penstock.benchmarks.sqllogictest;

import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs one script in an engine of its own. */
final class FileRun {
  /** What {@code require} may ask for without us being it. */
  private static final Set<String> HARMLESS =
      Set.of(
          "vector_size",
          "skip_reload",
          "noforcestorage",
          "noalternativeverify",
          "no_alternative_verify",
          "parquet",
          "json",
          "icu",
          "core_functions",
          "64bit",
          "exact_vector_size",
          "notmingw",
          "notwindows",
          "noforcetags",
          "no_extension_autoloading",
          "allow_unsigned_extensions",
          "longdouble",
          "ram",
          "strinline",
          "no_vector_verification",
          "no_block_verification",
          "no_latest_storage");

  /** Statements that only change how the other engine checks itself or spends resources. */
  private static final Pattern UPKEEP =
      Pattern.compile(
          "(?is)\\s*(PRAGMA\\s+(enable|disable)_(verification|checkpoint|progress|profiling|"
              + "object_cache|print_progress|verify)\\w*|PRAGMA\\s+(verify_\\w+|force_\\w+|debug_\\w+)|"
              + "(PRAGMA|SET(\\s+GLOBAL|\\s+SESSION)?)\\s+(threads|memory_limit|temp_directory|"
              + "explain_output|verify_\\w+|debug_\\w+|enable_\\w+|max_temp_\\w+|"
              + "preserve_insertion_order|perfect_ht_threshold|external_threads|"
              + "partitioned_write\\w*|\\w+_join_threshold|disabled_optimizers|"
              + "prefer_range_joins)\\b.*|SET\\s+timezone\\s*=\\s*'UTC')\\s*[=;]?.*");

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
  private final boolean failFast;
  private final @Nullable PrintStream verbose;
  private final Runner runner;
  private boolean skipping;

  private FileRun(
      String name,
      Dialect dialect,
      Path scratch,
      Runner runner,
      boolean failFast,
      @Nullable PrintStream verbose) {
    this.name = name;
    this.dialect = dialect;
    this.scratch = scratch;
    this.runner = runner;
    this.failFast = failFast;
    this.verbose = verbose;
    variables = new Variables(dialect);
  }

  /**
   * @param name what messages call the script
   * @param directory where relative paths of files begin
   * @param limit of each record
   * @param verbose gets every failing record; null: nobody
   */
  static Tally run(
      String name,
      String text,
      Dialect dialect,
      Path directory,
      Duration limit,
      boolean failFast,
      @Nullable PrintStream verbose)
      throws IOException {
    Path scratch = Files.createTempDirectory("sqllogictest");
    try (Runner runner = new Runner(dialect, directory, limit)) {
      FileRun run = new FileRun(name, dialect, scratch, runner, failFast, verbose);
      try {
        run.items(ScriptReader.read(text));
      } catch (Stop e) {
        if (!e.quiet) {
          run.tally.skip(String.valueOf(e.getMessage()), name, 1);
        }
      } catch (PenstockException e) {
        run.failed(Tally.Failure.SCRIPT, Reasons.of(e), name, "", String.valueOf(e.getMessage()));
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

  private void loop(Item.Loop loop) throws Stop {
    if (loop.concurrent()) {
      tally.skip(
          "concurrentloop: a session is for one thread",
          name + ":" + loop.line(),
          loop.body().size());
      return;
    }
    if (!variables.allow(loop.conditions())) {
      return;
    }
    for (String value : loop.values()) {
      variables.set(loop.variables(), variables.in(value));
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
        if (!HARMLESS.contains(argument)) {
          throw new Stop("require " + argument, false);
        }
      }
      case "require-env" -> throw new Stop("require-env " + argument, false);
      case "restart", "unzip", "include" -> throw new Stop(words.get(0), false);
      case "test-env" -> variables.set(argument, words.size() > 2 ? words.get(2) : "");
      case "hash-threshold",
          "tags",
          "set",
          "reset",
          "load",
          "reconnect",
          "sleep",
          "template",
          "subtest",
          "control",
          "test-name",
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

  private void statement(Item.Statement s) throws Stop {
    String sql = variables.in(s.sql(), scratch.toString());
    String place = name + ":" + s.line();
    if (UPKEEP.matcher(sql).matches()) {
      tally.skip("settings of another engine", place, 1);
      return;
    }
    try {
      Runner.Rows rows = runner.run(sql);
      if (s.end() == Item.End.ERROR) {
        String got = rows.rows().size() + " rows";
        fail(Tally.Failure.NO_ERROR, firstWords(sql), place, sql, "expected an error\ngot " + got);
      } else {
        tally.pass();
      }
    } catch (Stop e) {
      throw e;
    } catch (Throwable e) {
      Tally.Failure kind = Reasons.kind(e);
      boolean expected = s.end() != Item.End.OK;
      if (expected && kind != Tally.Failure.FAULT && kind != Tally.Failure.TIME) {
        tally.pass();
      } else {
        error(e, place, sql);
      }
    }
  }

  private void query(Item.Query q) throws Stop {
    String sql = variables.in(q.sql(), scratch.toString());
    String place = name + ":" + q.line();
    try {
      Runner.Rows rows = runner.run(sql);
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
    return answer.difference(
        lines.stream().map(variables::in).toList(), hashed ? q.sort() : sort, dialect);
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
    if (failFast) {
      throw new Stop("the first failure", true);
    }
  }

  private void failed(Tally.Failure kind, String reason, String place, String sql, String what) {
    tally.fail(kind, reason, place);
    if (verbose != null) {
      verbose.println(place + ": " + kind.words + ": " + reason);
      verbose.println((sql + what).indent(2));
    }
  }
}
