package dev.penstock.sql.calcite;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** VALUES in places where the validator does not take it. */
final class ValuesRows {
  private ValuesRows() {}

  /**
   * {@code x IN (VALUES (a), (b))} as {@code x IN (a, b)}; a side of a set operation as a query.
   */
  static SqlCall settled(SqlCall call) {
    List<SqlNode> operands = new ArrayList<>(call.getOperandList());
    boolean list = call.getKind() == SqlKind.IN || call.getKind() == SqlKind.NOT_IN;
    for (int i = list ? 1 : 0; i < operands.size(); i++) {
      if (operands.get(i) instanceof SqlCall values && values.getKind() == SqlKind.VALUES) {
        operands.set(i, list ? alternatives(values) : query(values));
      }
    }
    return call.getOperator().createCall(call.getParserPosition(), operands);
  }

  /** Texts in a column with literals of bytes are bytes. */
  static SqlCall bytes(SqlCall values) {
    Set<Integer> columns = new HashSet<>();
    for (SqlNode row : values.getOperandList()) {
      List<SqlNode> cells = cells(row);
      for (int i = 0; i < cells.size(); i++) {
        if (cells.get(i) instanceof SqlLiteral l && l.getTypeName() == SqlTypeName.BINARY) {
          columns.add(i);
        }
      }
    }
    if (columns.isEmpty()) {
      return values;
    }
    List<SqlNode> rows = new ArrayList<>();
    for (SqlNode row : values.getOperandList()) {
      List<SqlNode> cells = new ArrayList<>(cells(row));
      for (int i : columns) {
        if (i < cells.size() && cells.get(i) instanceof SqlCharStringLiteral text) {
          cells.set(i, asBytes(text));
        }
      }
      rows.add(
          row instanceof SqlCall call
              ? call.getOperator().createCall(row.getParserPosition(), cells)
              : row);
    }
    return values.getOperator().createCall(values.getParserPosition(), rows);
  }

  private static List<SqlNode> cells(SqlNode row) {
    return row instanceof SqlCall call ? call.getOperandList() : List.of();
  }

  private static SqlNode asBytes(SqlNode text) {
    SqlParserPos pos = text.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        pos, text, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.VARBINARY, pos), pos));
  }

  private static SqlNode alternatives(SqlCall values) {
    SqlNodeList out = new SqlNodeList(values.getParserPosition());
    for (SqlNode row : values.getOperandList()) {
      if (!(row instanceof SqlCall fields) || fields.operandCount() != 1) {
        return query(values);
      }
      out.add(fields.operand(0));
    }
    return out;
  }

  private static SqlNode query(SqlCall values) {
    SqlParserPos pos = values.getParserPosition();
    return new SqlSelect(
        pos,
        null,
        SqlNodeList.of(SqlIdentifier.star(pos)),
        SqlStdOperatorTable.AS.createCall(pos, values, new SqlIdentifier("$values", pos)),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
