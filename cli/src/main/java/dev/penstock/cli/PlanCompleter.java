package dev.penstock.cli;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.tpch.TpchSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

/**
 * Completes operators, functions, names of the session, tables, and the columns of tables that the
 * line mentions; within a string the files of the data folder.
 */
final class PlanCompleter implements Completer {
  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)+)\"");
  private static final Pattern SYMBOL = Pattern.compile("[\\w.*+!?<>=/-]+");

  private final Engine engine;
  private final ClojureSession session;
  private final Map<String, List<String>> columnsOfTables = new HashMap<>();

  PlanCompleter(Engine engine, ClojureSession session) {
    this.engine = engine;
    this.session = session;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> out) {
    boolean inString = line instanceof PlanParser.Line l && l.inString();
    if (inString) {
      boolean closed = line.line().startsWith("\"", line.cursor());
      DataFiles.candidates(engine, line.word(), closed ? "" : "\"", out);
      return;
    }
    if (line.word().startsWith(":") && line.line().stripLeading().startsWith(line.word())) {
      for (String command : ReplCommands.NAMES) {
        out.add(candidate(command, "commands", null));
      }
      return;
    }
    boolean isHead = isHead(line);
    for (ClojureSession.Known known : session.knownNames()) {
      if (isHead || known.isOfSession()) {
        out.add(candidate(known.name(), known.group(), known.usage()));
      }
    }
    if (isHead) {
      return;
    }
    for (String name : engine.catalog().names()) {
      out.add(candidate(name, "tables", null));
    }
    for (String name : TpchSource.tables()) {
      out.add(candidate("tpch/" + name, "tables", null));
    }
    columns(line.line(), out);
  }

  /** Whether an operator or a function stands at the cursor: behind an opening bracket. */
  private static boolean isHead(ParsedLine line) {
    int start = line.cursor() - line.word().length();
    return start == 0 || line.line().charAt(start - 1) == '(';
  }

  private static Candidate candidate(String value, String group, @Nullable String usage) {
    return new Candidate(
        value, value, group, usage == null || usage.isEmpty() ? null : usage, null, null, true);
  }

  /** Columns of the tables that a text mentions. */
  private void columns(String text, List<Candidate> out) {
    Matcher strings = STRING.matcher(text);
    while (strings.find()) {
      String path = strings.group(1);
      for (String column : columnsOfTables.computeIfAbsent('"' + path, k -> namesOf(path))) {
        out.add(candidate(column, "columns", path));
      }
    }
    Matcher symbols = SYMBOL.matcher(text);
    while (symbols.find()) {
      String name = symbols.group();
      Object plan = session.planOf(name);
      List<String> columns =
          plan != null
              ? namesOf(plan)
              : isTable(name)
                  ? columnsOfTables.computeIfAbsent(name, this::namesOfNamed)
                  : List.of();
      for (String column : columns) {
        out.add(candidate(column, "columns", name));
      }
    }
  }

  private boolean isTable(String name) {
    return engine.catalog().get(name) != null
        || name.startsWith("tpch/") && TpchSource.tables().contains(name.substring(5));
  }

  private List<String> namesOfNamed(String name) {
    return namesOf(session.table(name));
  }

  private List<String> namesOf(String path) {
    return namesOf(session.table('"' + path + '"'));
  }

  /** No names when there is no such table: a half-typed line is no error. */
  private List<String> namesOf(Object plan) {
    try {
      return engine.prepare(plan).schema().fields().stream()
          .map(f -> columnText(f.name()))
          .toList();
    } catch (PenstockException e) {
      return List.of();
    }
  }

  /** A column as a plan writes it. */
  private static String columnText(String name) {
    return SYMBOL.matcher(name).matches() && !Character.isDigit(name.charAt(0))
        ? name
        : "#col \"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
