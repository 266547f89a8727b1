package dev.penstock.sql.calcite;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.text.Nearest;
import dev.penstock.sql.text.Stars;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/** Items of a select list that are several columns, as those columns. */
final class StarItems {
  /**
   * A column that a star means.
   *
   * @param table its table's name; empty of a column that joins have in common
   * @param groups what the groups of a pattern matched in its name, the whole name first
   */
  record Column(String table, String name, SqlNode expression, List<String> groups) {
    Column renamed(String other) {
      return new Column(table, other, expression, groups);
    }
  }

  private final Map<String, List<Column>> columns;
  private final boolean plain;

  /**
   * @param columns by the name before the star
   * @param plain are plain stars columns, too?
   */
  StarItems(Map<String, List<Column>> columns, boolean plain) {
    this.columns = columns;
    this.plain = plain;
  }

  /** An item that the validator made of a star. */
  static Column column(SqlNode item) {
    SqlNode e = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
    SqlIdentifier id =
        e instanceof SqlIdentifier plain ? plain : ((SqlCall) item).<SqlIdentifier>operand(1);
    int n = id.names.size();
    String name = id.names.get(n - 1);
    return new Column(
        e instanceof SqlIdentifier && n > 1 ? id.names.get(n - 2) : "", name, e, List.of(name));
  }

  static String qualifier(SqlIdentifier star) {
    int n = star.names.size();
    return n < 2 ? "" : star.names.get(n - 2);
  }

  static String text(SqlNode literal) {
    return Objects.requireNonNull(((SqlLiteral) literal).getValueAs(String.class));
  }

  private static boolean is(SqlNode node, String name) {
    return node instanceof SqlCall call && call.getOperator().getName().equals(name);
  }

  /** Is it a call that stands for several columns? */
  static boolean isStar(SqlNode node) {
    return is(node, Stars.STAR) || is(node, Stars.COLUMNS) || is(node, Stars.UNPACKED);
  }

  /** The select list with columns. */
  SqlNodeList list(SqlNodeList items) {
    List<SqlNode> out = new ArrayList<>();
    for (SqlNode item : items) {
      if (plain && item instanceof SqlIdentifier id && id.isStar()) {
        for (Column c : Objects.requireNonNull(columns.get(qualifier(id)))) {
          out.add(named(c.expression, c.name));
        }
      } else {
        item(item, out);
      }
    }
    return new SqlNodeList(out, items.getParserPosition());
  }

  /** A condition that holds if it does so of each of the columns. */
  SqlNode condition(SqlNode where) {
    SqlNode unpacked = unpacked(where);
    SqlCall star = star(unpacked);
    SqlNode all = null;
    for (Column c : star == null ? List.<Column>of() : columns(star)) {
      SqlNode one = with(unpacked, c);
      all =
          all == null
              ? one
              : SqlStdOperatorTable.AND.createCall(where.getParserPosition(), all, one);
    }
    return all == null ? unpacked : all;
  }

  private void item(SqlNode item, List<SqlNode> out) {
    SqlNode unpacked = unpacked(item);
    SqlCall star = star(unpacked);
    if (star == null) {
      out.add(unpacked);
      return;
    }
    boolean as = unpacked.getKind() == SqlKind.AS;
    SqlNode e = as ? ((SqlCall) unpacked).operand(0) : unpacked;
    for (Column c : columns(star)) {
      String name =
          as ? filled(((SqlCall) unpacked).<SqlIdentifier>operand(1).getSimple(), c) : c.name;
      out.add(named(with(e, c), name));
    }
  }

  /** A name with the groups of the pattern in the place of {@code \1}. */
  private static String filled(String name, Column c) {
    String out = name;
    for (int i = 0; i < c.groups.size(); i++) {
      out = out.replace("\\" + i, c.groups.get(i));
    }
    return out;
  }

  /** The name has another place than the column: it was chosen. */
  private static SqlNode named(SqlNode e, String name) {
    return SqlStdOperatorTable.AS.createCall(
        e.getParserPosition(), e, new SqlIdentifier(name, SqlParserPos.ZERO));
  }

  /** The star in an expression; all that are there must be the same one. */
  private static @Nullable SqlCall star(SqlNode in) {
    List<SqlCall> found = new ArrayList<>();
    in.accept(
        new SqlShuttle() {
          @Override
          public @Nullable SqlNode visit(SqlCall call) {
            if (call.getKind().belongsTo(SqlKind.QUERY)) {
              return call;
            }
            if (is(call, Stars.STAR) || is(call, Stars.COLUMNS)) {
              found.add(call);
              return call;
            }
            return super.visit(call);
          }
        });
    for (SqlCall other : found) {
      if (!other.equalsDeep(found.get(0), Litmus.IGNORE)) {
        throw problem(other, "an expression has one COLUMNS; this is another one");
      }
    }
    return found.isEmpty() ? null : found.get(0);
  }

  private static SqlNode with(SqlNode e, Column c) {
    return Objects.requireNonNull(
        e.accept(
            new SqlShuttle() {
              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                if (call.getKind().belongsTo(SqlKind.QUERY)) {
                  return call;
                }
                return is(call, Stars.STAR) || is(call, Stars.COLUMNS)
                    ? c.expression
                    : super.visit(call);
              }
            }));
  }

  /** With columns as arguments where {@code *COLUMNS(...)} stands. */
  private SqlNode unpacked(SqlNode e) {
    return Objects.requireNonNull(
        e.accept(
            new SqlShuttle() {
              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                if (call.getKind().belongsTo(SqlKind.QUERY)
                    || call.getOperandList().stream().noneMatch(o -> o != null && isUnpacked(o))) {
                  return call.getKind().belongsTo(SqlKind.QUERY) ? call : super.visit(call);
                }
                List<SqlNode> args = new ArrayList<>();
                for (SqlNode o : call.getOperandList()) {
                  if (isUnpacked(o)) {
                    columns((SqlCall) o).forEach(c -> args.add(c.expression));
                  } else {
                    args.add(o);
                  }
                }
                SqlCall wide =
                    call.getOperator()
                        .createCall(
                            call.getFunctionQuantifier(),
                            call.getParserPosition(),
                            args.toArray(SqlNode[]::new));
                return super.visit(wide);
              }
            }));
  }

  private static boolean isUnpacked(SqlNode node) {
    return is(node, Stars.UNPACKED);
  }

  private List<Column> columns(SqlCall star) {
    List<Column> out = new ArrayList<>(Objects.requireNonNull(columns.get(text(star.operand(0)))));
    for (SqlNode word : star.getOperandList().subList(1, star.operandCount())) {
      SqlCall call = (SqlCall) word;
      List<SqlNode> args = call.getOperandList();
      switch (call.getOperator().getName()) {
        case Stars.EXCLUDE -> exclude(out, args);
        case Stars.REPLACE -> {
          for (int i = 0; i < args.size(); i += 2) {
            int k = find(out, "", args.get(i + 1));
            Column c = out.get(k);
            out.set(k, new Column(c.table, text(args.get(i + 1)), args.get(i), c.groups));
          }
        }
        case Stars.RENAME -> {
          for (int i = 0; i + 1 < args.size(); i += 2) {
            int k = find(out, "", args.get(i));
            out.set(k, out.get(k).renamed(text(args.get(i + 1))));
          }
        }
        case Stars.NAMES -> out = named(out, args);
        case Stars.MATCHING -> out = matching(out, args.get(0), text(args.get(0)), true, true);
        default -> out = like(out, text(args.get(0)), args.get(1));
      }
    }
    if (out.isEmpty()) {
      throw problem(star, "no column matches");
    }
    return out;
  }

  private static void exclude(List<Column> out, List<SqlNode> args) {
    for (int i = 0; i < args.size(); i += 2) {
      String table = text(args.get(i));
      String name = text(args.get(i + 1));
      find(out, table, args.get(i + 1));
      out.removeIf(
          c ->
              c.name.equalsIgnoreCase(name)
                  && (table.isEmpty() || c.table.equalsIgnoreCase(table)));
    }
  }

  private static int find(List<Column> in, String table, SqlNode name) {
    for (int i = 0; i < in.size(); i++) {
      Column c = in.get(i);
      if (c.name.equalsIgnoreCase(text(name))
          && (table.isEmpty() || c.table.equalsIgnoreCase(table))) {
        return i;
      }
    }
    throw problem(
        name,
        "no column '"
            + text(name)
            + "' in the star"
            + Nearest.hint(text(name), in.stream().map(Column::name).toList()));
  }

  /** Those of the names, in the order of the columns. */
  private static List<Column> named(List<Column> in, List<SqlNode> names) {
    Set<Integer> wanted = new TreeSet<>();
    for (SqlNode name : names) {
      wanted.add(find(in, "", name));
    }
    return wanted.stream().map(in::get).toList();
  }

  private static List<Column> like(List<Column> in, String written, SqlNode pattern) {
    boolean not = written.startsWith("NOT ");
    String kind = not ? written.substring(4) : written;
    if (!(pattern instanceof SqlLiteral)) {
      throw problem(pattern, "the pattern of a star's columns is a text");
    }
    String p = text(pattern);
    String regex = kind.equals("SIMILAR") ? p : likeRegex(p, kind.equals("GLOB"));
    String flags = kind.equals("ILIKE") ? "(?i)" : "";
    return matching(in, pattern, "^" + flags + "(?:" + regex + ")$", !not, false);
  }

  private static String likeRegex(String p, boolean glob) {
    Map<Character, String> meaning = new HashMap<>();
    meaning.put(glob ? '*' : '%', ".*");
    meaning.put(glob ? '?' : '_', ".");
    StringBuilder out = new StringBuilder();
    for (char c : p.toCharArray()) {
      out.append(meaning.getOrDefault(c, Pattern.quote(String.valueOf(c))));
    }
    return out.toString();
  }

  private static List<Column> matching(
      List<Column> in, SqlNode at, String regex, boolean wanted, boolean groups) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw problem(at, "not a regular expression: " + e.getDescription());
    }
    List<Column> out = new ArrayList<>();
    for (Column c : in) {
      Matcher m = pattern.matcher(c.name);
      if (m.find() == wanted) {
        out.add(groups ? new Column(c.table, c.name, c.expression, groups(m)) : c);
      }
    }
    return out;
  }

  private static List<String> groups(Matcher m) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i <= m.groupCount(); i++) {
      out.add(m.group(i) == null ? "" : m.group(i));
    }
    return out;
  }

  private static RuntimeException problem(SqlNode at, String message) {
    SqlParserPos p = at.getParserPosition();
    return new CalciteContextException(
        message,
        PenstockException.incorrect("sql", message),
        p.getLineNum(),
        p.getColumnNum(),
        p.getEndLineNum(),
        p.getEndColumnNum());
  }
}
