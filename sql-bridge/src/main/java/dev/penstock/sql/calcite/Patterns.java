package dev.penstock.sql.calcite;

import dev.penstock.monitor.PenstockException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.apache.calcite.sql.fun.SqlPosixRegexOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Operators of patterns as calls: {@code ~}, {@code ~*}, {@code GLOB} and their negations. */
final class Patterns {
  private Patterns() {}

  /** {@code a GLOB b}; all of a must match. */
  static SqlNode glob(SqlCall call) {
    if (!(call.operand(1) instanceof SqlCharStringLiteral literal)) {
      throw PenstockException.unsupported(
          "sql-glob", "the pattern of GLOB must be a literal, got " + call.operand(1));
    }
    SqlParserPos pos = literal.getParserPosition();
    String pattern = expression(literal.getValueAs(String.class));
    return match("REGEXP_FULL_MATCH", call, SqlLiteral.createCharString(pattern, pos), "s");
  }

  /**
   * A match anywhere in the text, as {@code ~} is.
   *
   * @param options of regexp_like
   */
  static SqlNode regex(SqlCall call, String options) {
    return match("REGEXP_LIKE", call, call.operand(1), options);
  }

  private static SqlNode match(String name, SqlCall call, SqlNode pattern, String options) {
    SqlParserPos pos = call.getParserPosition();
    SqlOperator function = Objects.requireNonNull(Operators.TABLE.own(name));
    SqlNode match =
        function.createCall(
            pos, call.operand(0), pattern, SqlLiteral.createCharString(options, pos));
    boolean negated =
        call.getOperator() instanceof SqlPosixRegexOperator regex && regex.isNegated()
            || call.getOperator() instanceof SqlLikeOperator like && like.isNegated();
    return negated ? SqlStdOperatorTable.NOT.createCall(pos, match) : match;
  }

  /** The regular expression of a pattern of GLOB. */
  private static String expression(String glob) {
    StringBuilder out = new StringBuilder();
    boolean set = false;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (set) {
        out.append(c == '!' && glob.charAt(i - 1) == '[' ? '^' : c);
        set = c != ']';
      } else {
        set = c == '[';
        out.append(
            switch (c) {
              case '*' -> ".*";
              case '?' -> ".";
              case '[' -> "[";
              default -> Pattern.quote(String.valueOf(c));
            });
      }
    }
    return out.toString();
  }
}
