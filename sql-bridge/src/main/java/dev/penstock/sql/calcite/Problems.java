package dev.penstock.sql.calcite;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.text.Nearest;
import dev.penstock.sql.text.Places;
import dev.penstock.sql.text.Spelling;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Calcite's complaints as one line: where, what, and the nearest known name. */
final class Problems {
  private static final Pattern COLUMN =
      Pattern.compile("Column '(.+?)' not found in (any table|table '(.+?)')(; did you mean.*)?");

  /** An unknown column, which the parser took for its own alias. */
  private static final Pattern ITSELF =
      Pattern.compile("The definition of column '(.+?)' depends on itself");

  private static final Pattern OBJECT =
      Pattern.compile("Object '(.+?)' not found( within '(.+?)')?(; did you mean.*)?");
  private static final Pattern TABLE =
      Pattern.compile("Table '(.+?)' not found(; did you mean.*)?");
  private static final Pattern FUNCTION =
      Pattern.compile("No match found for function signature (\\w+)\\((.*)\\)");
  private static final Pattern AMBIGUOUS = Pattern.compile("Column '(.+?)' is ambiguous");
  private static final Pattern TYPES =
      Pattern.compile("Cannot apply '(.+?)' to arguments of type '(.+?)'\\..*", Pattern.DOTALL);
  private static final Pattern OUTER = Pattern.compile("Identifier '(.*)' is not a group expr");
  private static final Pattern GROUPED =
      Pattern.compile("Expression '(.+)' is not being grouped", Pattern.DOTALL);
  private static final Pattern ENCOUNTERED =
      Pattern.compile("Encountered \"(.*?)\" at line", Pattern.DOTALL);

  private static final int MAX_LINE = 300;

  private final Places places;
  private final Spelling spelling;
  private final SchemaOfTables schema;

  Problems(Places places, Spelling spelling, SchemaOfTables schema) {
    this.places = places;
    this.spelling = spelling;
    this.schema = schema;
  }

  PenstockException of(SqlParseException e) {
    SqlParserPos pos = e.getPos();
    String text = String.valueOf(e.getMessage());
    Matcher m = ENCOUNTERED.matcher(text);
    String what;
    if (m.find()) {
      String tokens = m.group(1).replace("\\'", "'").replace("\\\"", "\"");
      what =
          tokens.contains("<EOF>")
              ? "the statement ends too early" + after(tokens.replace("<EOF>", "").strip())
              : "syntax error at " + tokens.strip();
    } else {
      what = text.lines().findFirst().orElse("syntax error");
    }
    return at(pos == null ? 1 : pos.getColumnNum(), what, e);
  }

  private static String after(String tokens) {
    return tokens.isEmpty() ? "" : ", after " + tokens;
  }

  PenstockException of(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof StackOverflowError) {
        return tooDeep();
      }
      if (t instanceof CalciteContextException c && c.getPosLine() > 0) {
        Throwable cause = c.getCause();
        if (cause instanceof CalciteContextException) {
          continue;
        }
        if (cause instanceof PenstockException p) {
          return new PenstockException(
              p.category(),
              p.code(),
              places.at(offset(c.getPosColumn()), String.valueOf(p.getMessage())),
              p);
        }
        return at(
            c.getPosColumn(),
            message(cause == null ? shortMessage(c) : String.valueOf(cause.getMessage())),
            e);
      }
      if (t instanceof PenstockException p) {
        return p;
      }
    }
    if (e instanceof UnsupportedOperationException
        || e instanceof org.apache.calcite.runtime.CalciteException) {
      return new PenstockException(
          PenstockException.Category.UNSUPPORTED,
          "sql-unsupported",
          "this statement is not supported: " + firstLine(e),
          e);
    }
    Matcher m = OUTER.matcher(String.valueOf(e.getMessage()));
    if (m.find()) { // the converter gives no place
      String written = places.text().toLowerCase(java.util.Locale.ROOT);
      int at = written.indexOf(m.group(1).toLowerCase(java.util.Locale.ROOT));
      return new PenstockException(
          PenstockException.Category.INCORRECT,
          "sql",
          places.at(Math.max(0, at), ungrouped(m.group(1))),
          e);
    }
    return PenstockException.fault("a defect in the SQL front end: " + firstLine(e), e);
  }

  private static String shortMessage(CalciteContextException c) {
    String m = String.valueOf(c.getMessage());
    int at = m.indexOf(": ");
    return m.startsWith("From line") || m.startsWith("At line") ? m.substring(at + 2) : m;
  }

  static PenstockException tooDeep() {
    return PenstockException.limit(
        "sql-too-deep", "the statement is nested too deeply; simplify it, or cut it with WITH");
  }

  private static String firstLine(Throwable e) {
    String line =
        String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
    return line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE) + " ...";
  }

  private int offset(int column) {
    return spelling.original(Math.max(0, column - 1));
  }

  private PenstockException at(int column, String what, Throwable cause) {
    return new PenstockException(
        PenstockException.Category.INCORRECT, "sql", places.at(offset(column), what), cause);
  }

  private String message(String text) {
    Matcher m = COLUMN.matcher(text);
    if (m.find()) {
      return column(m.group(1), m.group(3));
    }
    m = ITSELF.matcher(text);
    if (m.find()) {
      return column(m.group(1), null);
    }
    m = OBJECT.matcher(text);
    if (m.find()) {
      return table(m.group(1));
    }
    m = TABLE.matcher(text);
    if (m.find()) {
      return table(m.group(1));
    }
    m = FUNCTION.matcher(text);
    if (m.find()) {
      return "no function "
          + m.group(1).toLowerCase(java.util.Locale.ROOT)
          + Nearest.hint(
              m.group(1),
              Operators.TABLE.names().stream()
                  .map(n -> n.toLowerCase(java.util.Locale.ROOT))
                  .toList());
    }
    m = AMBIGUOUS.matcher(text);
    if (m.find()) {
      return "column " + m.group(1) + " is in more than one table; write it as table." + m.group(1);
    }
    m = TYPES.matcher(text);
    if (m.find()) {
      return m.group(1)
          + " cannot take "
          + m.group(2)
              .replaceAll("[<>]", "")
              .replace(m.group(1), ",")
              .replaceAll("\\s+", " ")
              .strip()
          + "; cast one of the arguments";
    }
    m = GROUPED.matcher(text);
    if (m.find()) {
      return ungrouped(m.group(1));
    }
    return text.startsWith("Non-query expression")
        ? "expected a query, which begins with SELECT, WITH, VALUES or FROM"
        : text.lines().findFirst().orElse(text);
  }

  private static String ungrouped(String column) {
    return "'" + column + "' is neither in GROUP BY nor inside an aggregate";
  }

  private String column(String name, @org.jspecify.annotations.Nullable String table) {
    Map<String, List<String>> known = schema.columns();
    List<String> names =
        known.entrySet().stream()
            .filter(e -> table == null || e.getKey().equalsIgnoreCase(table))
            .flatMap(e -> e.getValue().stream())
            .toList();
    if (names.isEmpty()) {
      names = known.values().stream().flatMap(List::stream).toList();
    }
    String where =
        table != null
            ? " in " + table
            : known.size() == 1 ? " in " + known.keySet().iterator().next() : "";
    if (names.stream().anyMatch(name::equalsIgnoreCase)) {
      return "column '"
          + name
          + "' cannot be used here: not every table of this join or clause has it";
    }
    return "no column '" + name + "'" + where + Nearest.hint(name, names);
  }

  private String table(String name) {
    return "no table '" + name + "'" + Nearest.hint(name, schema.names());
  }
}
