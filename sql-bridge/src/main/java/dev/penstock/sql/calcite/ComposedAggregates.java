package dev.penstock.sql.calcite;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Aggregates that are expressions of others; not over windows, and without FILTER. */
final class ComposedAggregates {
  private ComposedAggregates() {}

  /** The expression that a call stands for; null: it is none of these. */
  static @Nullable SqlNode of(String function, SqlCall call) {
    List<SqlNode> args = call.getOperandList();
    SqlParserPos pos = call.getParserPosition();
    String name = function.toUpperCase(Locale.ROOT);
    return switch (name + args.size()) {
      case "TOTAL1" ->
          Respell.named(
              "COALESCE",
              call,
              aggregate("SUM", call, real(args.get(0))),
              SqlLiteral.createApproxNumeric("0e0", pos));
      case "COUNT_STAR0" -> SqlStdOperatorTable.COUNT.createCall(pos, SqlIdentifier.star(pos));
      case "FSUM1", "KAHAN_SUM1", "SUMKAHAN1" -> aggregate("SUM", call, real(args.get(0)));
      case "SEM1" ->
          Operators.DIVIDE.createCall(
              pos,
              aggregate("STDDEV_POP", call, real(args.get(0))),
              Respell.named("SQRT", call, counted(args.get(0), pos)));
      case "GEOMEAN1", "GEOMETRIC_MEAN1" ->
          Respell.named(
              "EXP", call, aggregate("AVG", call, Respell.named("LN", call, real(args.get(0)))));
      case "WAVG2", "WEIGHTED_AVG2" -> weighted(call, args.get(0), args.get(1));
      default -> null;
    };
  }

  private static SqlNode aggregate(String name, SqlCall call, SqlNode arg) {
    return Objects.requireNonNull(Operators.TABLE.own(name))
        .createCall(call.getFunctionQuantifier(), call.getParserPosition(), arg);
  }

  private static SqlNode counted(SqlNode arg, SqlParserPos pos) {
    return Respell.named(
        "NULLIF",
        SqlStdOperatorTable.COUNT.createCall(pos, arg),
        SqlStdOperatorTable.COUNT.createCall(pos, arg),
        SqlLiteral.createExactNumeric("0", pos));
  }

  private static SqlNode real(SqlNode value) {
    SqlParserPos pos = value.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        pos, value, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.DOUBLE, pos), pos));
  }

  /** Rows count where both are known. */
  private static SqlNode weighted(SqlCall call, SqlNode value, SqlNode weight) {
    SqlParserPos pos = call.getParserPosition();
    SqlNode product = Operators.TIMES.createCall(pos, real(value), weight);
    SqlNode known = SqlStdOperatorTable.IS_NOT_NULL.createCall(pos, value);
    SqlNode counts =
        new SqlCase(
            pos,
            null,
            SqlNodeList.of(known),
            SqlNodeList.of(real(weight)),
            SqlLiteral.createNull(pos));
    return Operators.DIVIDE.createCall(
        pos, aggregate("SUM", call, product), aggregate("SUM", call, counts));
  }
}
