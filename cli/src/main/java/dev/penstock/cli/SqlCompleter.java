package dev.penstock.cli;

import dev.penstock.batch.Field;
import dev.penstock.compiler.FunctionRegistry;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.statement.Commands;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

/**
 * Completes keywords, functions, tables, and the columns of tables that the text mentions; within a
 * string the files of the data folder.
 */
final class SqlCompleter implements Completer {
  private static final List<String> KEYWORDS =
      List.of(
          "ALL",
          "ANALYZE",
          "AND",
          "AS",
          "ASC",
          "BETWEEN",
          "BY",
          "CASE",
          "CAST",
          "CROSS",
          "DESC",
          "DISTINCT",
          "ELSE",
          "END",
          "EXCEPT",
          "EXISTS",
          "FETCH",
          "FILTER",
          "FIRST",
          "FULL",
          "GROUP",
          "HAVING",
          "ILIKE",
          "IN",
          "INNER",
          "INTERSECT",
          "INTERVAL",
          "INTO",
          "IS",
          "JOIN",
          "LAST",
          "LATERAL",
          "LEFT",
          "LIKE",
          "LIMIT",
          "NATURAL",
          "NOT",
          "NULL",
          "NULLS",
          "OFFSET",
          "ON",
          "OR",
          "ORDER",
          "OUTER",
          "OVER",
          "PARTITION",
          "QUALIFY",
          "RECURSIVE",
          "REPLACE",
          "RIGHT",
          "ROLLUP",
          "ROWS",
          "TABLES",
          "TEMP",
          "THEN",
          "TO",
          "TRUE",
          "UNION",
          "USING",
          "VIEW",
          "WHEN",
          "WHERE",
          "WINDOW");
  private static final Set<String> BEFORE_TABLE =
      Set.of("FROM", "JOIN", "INTO", "UPDATE", "TABLE", "DESCRIBE", "SUMMARIZE", "COPY");

  private final SqlSession session;
  private @Nullable List<String> functions;

  SqlCompleter(SqlSession session) {
    this.session = session;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> out) {
    if (line instanceof PlanParser.Line l && l.inString()) {
      boolean closed = line.line().startsWith("'", line.cursor());
      DataFiles.candidates(session.engine(), line.word(), closed ? "" : "'", out);
      return;
    }
    String word = line.word();
    if (word.startsWith(":")) {
      ReplCommands.NAMES.forEach(name -> out.add(candidate(name, "commands", null)));
      return;
    }
    List<Token> tokens = tokens(line.line());
    Map<String, String> mentioned = mentioned(tokens);
    int dot = word.lastIndexOf('.');
    if (dot > 0) {
      String table = mentioned.get(word.substring(0, dot).toLowerCase(Locale.ROOT));
      columns(table, word.substring(0, dot + 1), out);
      return;
    }
    int start = line.cursor() - word.length();
    Token before = null;
    for (Token t : tokens) {
      before = t.end() <= start ? t : before;
    }
    for (String name : session.catalog().names()) {
      out.add(candidate(written(name), "tables", null));
    }
    if (before != null && BEFORE_TABLE.contains(before.upper())) {
      return;
    }
    for (String table : new TreeSet<>(mentioned.values())) {
      columns(table, "", out);
    }
    boolean lower = !word.isEmpty() && word.equals(word.toLowerCase(Locale.ROOT));
    for (List<String> words : List.of(Commands.VERBS, KEYWORDS)) {
      for (String k : words) {
        out.add(candidate(lower ? k.toLowerCase(Locale.ROOT) : k, "keywords", null));
      }
    }
    for (String f : functions()) {
      out.add(candidate(f, "functions", null));
    }
  }

  private static List<Token> tokens(String text) {
    try {
      return Tokenizer.tokens(text, "");
    } catch (PenstockException e) {
      // half-typed
      return List.of();
    }
  }

  private List<String> functions() {
    if (functions == null) {
      functions =
          FunctionRegistry.entries().stream()
              .map(e -> e.name().replace('-', '_'))
              .filter(n -> n.matches("\\w+"))
              .distinct()
              .sorted()
              .toList();
    }
    return functions;
  }

  /** Tables of the text: by their names and their other names, in lower case. */
  private Map<String, String> mentioned(List<Token> tokens) {
    Map<String, String> out = new LinkedHashMap<>();
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(session.catalog().names());
    for (int i = 0; i < tokens.size(); i++) {
      Token t = tokens.get(i);
      boolean file =
          t.kind() == Token.Kind.STRING
              && i > 0
              && BEFORE_TABLE.contains(tokens.get(i - 1).upper());
      if (!file && !known.contains(t.value())) {
        continue;
      }
      out.put(t.value().toLowerCase(Locale.ROOT), t.value());
      int next = i + 1 < tokens.size() && tokens.get(i + 1).is("AS") ? i + 2 : i + 1;
      if (next < tokens.size()
          && tokens.get(next).kind() == Token.Kind.WORD
          && !KEYWORDS.contains(tokens.get(next).upper())) {
        out.put(tokens.get(next).text().toLowerCase(Locale.ROOT), t.value());
      }
    }
    return out;
  }

  private void columns(@Nullable String table, String prefix, List<Candidate> out) {
    if (table == null) {
      return;
    }
    List<String> names = new ArrayList<>();
    try {
      var found = session.catalog().find(List.of(table));
      if (found != null && found.view() == null) {
        found.fields().forEach(f -> names.add(f.name()));
      } else if (found != null) {
        for (Field f :
            session
                .prepare(SqlSession.statements("SELECT * FROM " + written(table), "").get(0))
                .schema()
                .fields()) {
          names.add(f.name());
        }
      }
    } catch (PenstockException e) {
      // no such file, or a view that is no more right: nothing to offer
      names.clear();
    }
    names.forEach(n -> out.add(candidate(prefix + written(n), "columns", table)));
  }

  /** A name as SQL writes it. */
  private static String written(String name) {
    return name.matches("[A-Za-z_]\\w*") && !KEYWORDS.contains(name.toUpperCase(Locale.ROOT))
        ? name
        : '"' + name.replace("\"", "\"\"") + '"';
  }

  private static Candidate candidate(String value, String group, @Nullable String usage) {
    return new Candidate(value, value, group, usage, null, null, true);
  }
}
