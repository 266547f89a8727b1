package dev.penstock.sql.calcite;

import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Values of parameters in the statement's tree, never as text: literals, or parameters of the plan
 * where their value changes nothing but the rows. One use, one thread.
 */
public final class Parameters {
  private final List<@Nullable Object> values;
  private final boolean kept;
  private final BitSet free = new BitSet();
  private final BitSet literals = new BitSet();

  private Parameters(List<@Nullable Object> values, boolean kept) {
    this.values = values;
    this.kept = kept;
  }

  /** All of them as literals. */
  public static Parameters literals(List<@Nullable Object> values) {
    return new Parameters(values, false);
  }

  /** Those that may be are parameters of the plan. */
  public static Parameters kept(List<@Nullable Object> values) {
    return new Parameters(values, true);
  }

  /** The numbers of those that are parameters of the plan, and nowhere literals. */
  public BitSet free() {
    BitSet out = (BitSet) free.clone();
    out.andNot(literals);
    return out;
  }

  /**
   * The node of one parameter.
   *
   * @param i its number in the statement, from 0
   * @param mayBeFree may it be a parameter of the plan where it stands?
   */
  SqlNode node(SqlDynamicParam param, int i, boolean mayBeFree) {
    if (i >= values.size()) {
      throw PenstockException.incorrect(
          "sql-parameters",
          "the statement has a parameter "
              + (i + 1)
              + ", but "
              + values.size()
              + (values.size() == 1 ? " value was" : " values were")
              + " given");
    }
    Parameter operator = kept && mayBeFree ? Parameter.of(i, values.get(i)) : null;
    if (operator != null) {
      free.set(i);
      return operator.createCall(param.getParserPosition());
    }
    literals.set(i);
    return literal(values.get(i), param.getParserPosition());
  }

  private static SqlNode literal(@Nullable Object value, SqlParserPos pos) {
    if (value == null) {
      return SqlLiteral.createNull(pos);
    }
    if (value instanceof Boolean b) {
      return SqlLiteral.createBoolean(b, pos);
    }
    if (value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger) {
      return SqlLiteral.createExactNumeric(value.toString(), pos);
    }
    if (value instanceof BigDecimal d) {
      return SqlLiteral.createExactNumeric(d.toPlainString(), pos);
    }
    if (value instanceof Double || value instanceof Float) {
      return cast(value.toString(), SqlTypeName.DOUBLE, pos);
    }
    if (value instanceof String s) {
      return SqlLiteral.createCharString(s, "UTF-8", pos);
    }
    if (value instanceof LocalDate) {
      return cast(value.toString(), SqlTypeName.DATE, pos);
    }
    if (value instanceof LocalTime) {
      return cast(value.toString(), SqlTypeName.TIME, pos);
    }
    if (value instanceof LocalDateTime) {
      return cast(value.toString(), SqlTypeName.TIMESTAMP, pos);
    }
    if (value instanceof Instant i) {
      return cast(
          i.atOffset(ZoneOffset.UTC).toString(), SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, pos);
    }
    if (value instanceof UUID) {
      return cast(value.toString(), SqlTypeName.UUID, pos);
    }
    if (value instanceof byte[] bytes) {
      return SqlLiteral.createBinaryString(HexFormat.of().formatHex(bytes), pos);
    }
    throw PenstockException.incorrect(
        "sql-parameters",
        "a parameter cannot be a "
            + value.getClass().getName()
            + "; give a number, String, Boolean, java.time value, UUID or byte[]");
  }

  private static SqlNode cast(String text, SqlTypeName type, SqlParserPos pos) {
    return SqlStdOperatorTable.CAST.createCall(
        pos,
        SqlLiteral.createCharString(text, pos),
        new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, pos), pos));
  }
}
