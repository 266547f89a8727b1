package dev.penstock.sql.calcite;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;

/** A function in a select list that gives its row once for each of its values. */
public final class RowFunction extends SqlFunction {
  /** Which values. */
  public enum Values {
    /** The elements of a list. */
    ELEMENTS,
    /** The positions of the elements beside them, from 1 on. */
    POSITIONS,
    /** Those from the first argument to the second one, by the third. */
    SERIES,
    /** Those up to the second argument, without it. */
    RANGE
  }

  private final Values values;

  RowFunction(String name, Values values) {
    super(
        name,
        SqlKind.OTHER_FUNCTION,
        call -> type(values, call),
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.values = values;
  }

  public Values values() {
    return values;
  }

  @Override
  public boolean isDeterministic() {
    return false; // so that nobody moves it
  }

  private static RelDataType type(Values values, SqlOperatorBinding call) {
    int n = call.getOperandCount();
    if (values == Values.POSITIONS) {
      return SqlTypes.calcite(call.getTypeFactory(), DataType.INT64, false);
    }
    if (values == Values.ELEMENTS) {
      RelDataType element = n == 1 ? call.getOperandType(0).getComponentType() : null;
      DataType data = n == 1 ? SqlTypes.data(call.getOperandType(0)) : DataType.INT64;
      if (data != null && !data.equals(DataType.JSON)) {
        throw wrong("unnest takes one list or JSON array, got " + call.getOperandType(0));
      }
      return element == null
          ? SqlTypes.calcite(call.getTypeFactory(), DataType.JSON, true)
          : call.getTypeFactory().createTypeWithNullability(element, true);
    }
    if (n < 1 || n > 3) {
      throw wrong("a series takes one to three values, got " + n);
    }
    DataType first = SqlTypes.data(call.getOperandType(0));
    boolean whole = first == null || Operators.isWhole(call.getOperandType(0));
    DataType type = whole ? DataType.INT64 : first;
    if (type.equals(DataType.DATE)) {
      type = DataType.TIMESTAMP;
    }
    return SqlTypes.calcite(call.getTypeFactory(), type, true);
  }

  private static PenstockException wrong(String what) {
    return PenstockException.incorrect("type-mismatch", what);
  }
}
