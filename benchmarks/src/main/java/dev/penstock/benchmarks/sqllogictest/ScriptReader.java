package dev.penstock.benchmarks.sqllogictest;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a script of either dialect.
 *
 * <pre>
 * script    = { comment | condition | statement | query | loop | directive }, blank lines between
 * condition = ("skipif" | "onlyif") what
 * statement = "statement" ("ok" | "error" | "maybe" | "count" n) [session], SQL lines, [ "----", message lines ]
 * query     = "query" types [sort] [label | session], SQL lines, [ "----", result lines ]
 * loop      = ("loop" name from to | "foreach" name value...), script, "endloop"
 * </pre>
 */
final class ScriptReader {
  /** Connections of DuckDB's scripts; any other word is a label. */
  private static final Pattern SESSION = Pattern.compile("con\\w*\\d*", Pattern.CASE_INSENSITIVE);

  private static final String SIGNED = "tinyint smallint integer bigint hugeint";
  private static final String UNSIGNED = "utinyint usmallint uinteger ubigint uhugeint";

  /** Lists of types that {@code foreach} knows by name. */
  private static final Map<String, String> LISTS =
      Map.of(
          "<signed>",
          SIGNED,
          "<unsigned>",
          UNSIGNED,
          "<integral>",
          SIGNED + " " + UNSIGNED,
          "<numeric>",
          SIGNED + " " + UNSIGNED + " float double",
          "<alltypes>",
          SIGNED + " " + UNSIGNED + " float double bool interval varchar",
          "<compression>",
          "uncompressed rle bitpacking dictionary fsst alp");

  private final List<String> lines;
  private int at;

  private ScriptReader(String text) {
    lines = text.lines().toList();
  }

  /** The items of a script. An INCORRECT error if a loop does not end, or a header is none. */
  static List<Item> read(String text) {
    return new ScriptReader(text).items(0);
  }

  /**
   * @param loopLine the line of the loop whose body this is; 0: none
   */
  private List<Item> items(int loopLine) {
    List<Item> out = new ArrayList<>();
    List<Item.Condition> conditions = new ArrayList<>();
    while (at < lines.size()) {
      int line = at + 1;
      String text = lines.get(at++);
      if (text.isBlank() || text.stripLeading().startsWith("#")) {
        continue;
      }
      List<String> words = words(text);
      switch (words.get(0)) {
        case "skipif", "onlyif" -> {
          need(words, 2, line, "skipif and onlyif name a database");
          conditions.add(new Item.Condition(words.get(0).equals("onlyif"), words.get(1)));
          continue;
        }
        case "endloop" -> {
          if (loopLine == 0) {
            throw problem(line, "endloop without a loop");
          }
          return out;
        }
        case "statement" -> out.add(statement(line, List.copyOf(conditions), words));
        case "query" -> out.add(query(line, List.copyOf(conditions), words));
        case "loop", "foreach", "concurrentloop", "concurrentforeach" ->
            out.add(loop(line, List.copyOf(conditions), words));
        default -> out.add(new Item.Directive(line, List.copyOf(conditions), words));
      }
      conditions.clear();
    }
    if (loopLine > 0) {
      throw problem(loopLine, "expected endloop before the end of the file");
    }
    return out;
  }

  private Item statement(int line, List<Item.Condition> conditions, List<String> words) {
    need(words, 2, line, "expected statement ok or statement error");
    boolean counted = words.get(1).equals("count");
    Item.End end =
        switch (words.get(1)) {
          case "ok", "count" -> Item.End.OK;
          case "error" -> Item.End.ERROR;
          case "maybe" -> Item.End.EITHER;
          default ->
              throw problem(
                  line, "expected statement ok or statement error, got '" + words.get(1) + "'");
        };
    if (counted) {
      need(words, 3, line, "expected statement count N");
    }
    long count = counted ? number(words.get(2), line) : -1;
    int at = counted ? 3 : 2;
    return statement(line, conditions, end, count, words.size() > at ? words.get(at) : "");
  }

  private Item statement(
      int line, List<Item.Condition> conditions, Item.End end, long count, String session) {
    String sql = sql();
    List<String> message = below();
    return new Item.Statement(
        line,
        conditions,
        end,
        count,
        session.startsWith("#") ? "" : session,
        sql,
        message == null ? List.of() : message);
  }

  private Item query(int line, List<Item.Condition> conditions, List<String> words) {
    if (words.size() > 1 && words.get(1).equals("error")) {
      return statement(line, conditions, Item.End.ERROR, -1, "");
    }
    String types = words.size() > 1 ? words.get(1) : "";
    Item.Sort sort = Item.Sort.NONE;
    String label = "";
    String session = "";
    for (String word : words.subList(Math.min(2, words.size()), words.size())) {
      switch (word.toLowerCase(Locale.ROOT)) {
        case "nosort" -> sort = Item.Sort.NONE;
        case "rowsort", "sort" -> sort = Item.Sort.ROWS;
        case "valuesort" -> sort = Item.Sort.VALUES;
        default -> {
          if (SESSION.matcher(word).matches()) {
            session = word;
          } else {
            label = word;
          }
        }
      }
    }
    String sql = sql();
    return new Item.Query(line, conditions, types, sort, label, session, sql, below());
  }

  private Item loop(int line, List<Item.Condition> conditions, List<String> words) {
    boolean range = words.get(0).endsWith("loop");
    List<String> values = new ArrayList<>();
    if (range) {
      need(words, 4, line, "expected loop NAME FROM TO");
      values.addAll(words.subList(2, 4));
      values.stream().filter(v -> v.indexOf('{') < 0).forEach(v -> number(v, line));
    } else {
      need(words, 3, line, "expected foreach NAME VALUE...");
      for (String value : words.subList(2, words.size())) {
        values.addAll(words(LISTS.getOrDefault(value.toLowerCase(Locale.ROOT), value)));
      }
      List<String> without =
          values.stream().filter(v -> v.startsWith("!")).map(v -> v.substring(1)).toList();
      values.removeIf(v -> v.startsWith("!") || without.contains(v));
    }
    List<String> variables = List.of(words.get(1).split(","));
    return new Item.Loop(line, conditions, variables, range, List.copyOf(values), items(line));
  }

  /** Lines until one that is blank or {@code ----}; at that line. */
  private String sql() {
    StringBuilder out = new StringBuilder();
    while (at < lines.size() && !lines.get(at).isBlank() && !isRule(lines.get(at))) {
      out.append(lines.get(at++)).append('\n');
    }
    return out.toString();
  }

  /** The lines below {@code ----} until a blank one; null if there is no such rule. */
  private @Nullable List<String> below() {
    if (at >= lines.size() || !isRule(lines.get(at))) {
      return null;
    }
    at++;
    List<String> out = new ArrayList<>();
    while (at < lines.size() && !lines.get(at).isEmpty()) {
      out.add(lines.get(at++));
    }
    return out;
  }

  private static boolean isRule(String line) {
    return line.strip().equals("----");
  }

  private static List<String> words(String line) {
    return Arrays.asList(line.strip().split("\\s+"));
  }

  static int number(String word, int line) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw problem(line, "expected a whole number, got '" + word + "'");
    }
  }

  private static void need(List<String> words, int count, int line, String message) {
    if (words.size() < count) {
      throw problem(line, message + ", got '" + String.join(" ", words) + "'");
    }
  }

  private static PenstockException problem(int line, String message) {
    return PenstockException.incorrect("slt-script", "line " + line + ": " + message);
  }
}
