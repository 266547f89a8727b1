package dev.penstock.sql.calcite;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The engine's types as Calcite's, and back; and Calcite's rules for types, set to the engine's.
 */
public final class SqlTypes {
  private static final int MICROS = 6;

  private SqlTypes() {}

  /** A factory under the engine's type rules. */
  public static RelDataTypeFactory factory() {
    return new JavaTypeFactoryImpl(new Rules()) {
      @Override
      public java.nio.charset.Charset getDefaultCharset() {
        return java.nio.charset.StandardCharsets.UTF_8;
      }

      /** Decimals keep all their places; digits before the point that do not fit are an error. */
      @Override
      public @Nullable RelDataType leastRestrictive(
          List<RelDataType> types, SqlTypeMappingRule rule) {
        RelDataType common = super.leastRestrictive(types, rule);
        if (common == null || common.getSqlTypeName() != SqlTypeName.DECIMAL) {
          return common;
        }
        int scale = common.getScale();
        for (RelDataType type : types) {
          if (type.getSqlTypeName() == SqlTypeName.DECIMAL) {
            scale = Math.max(scale, type.getScale());
          }
        }
        return scale == common.getScale()
            ? common
            : createTypeWithNullability(
                createSqlType(SqlTypeName.DECIMAL, DataType.MAX_PRECISION, scale),
                common.isNullable());
      }
    };
  }

  /** A type as Calcite's. */
  public static RelDataType calcite(RelDataTypeFactory f, DataType type, boolean nullable) {
    RelDataType t =
        switch (type.kind()) {
          case BOOLEAN -> f.createSqlType(SqlTypeName.BOOLEAN);
          case INT32 -> f.createSqlType(SqlTypeName.INTEGER);
          case INT64 -> f.createSqlType(SqlTypeName.BIGINT);
          case FLOAT64 -> f.createSqlType(SqlTypeName.DOUBLE);
          case DECIMAL -> f.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
          case VARCHAR -> f.createSqlType(SqlTypeName.VARCHAR);
          case VARBINARY -> f.createSqlType(SqlTypeName.VARBINARY);
          case DATE -> f.createSqlType(SqlTypeName.DATE);
          case TIME -> f.createSqlType(SqlTypeName.TIME, MICROS);
          case TIMESTAMP -> f.createSqlType(SqlTypeName.TIMESTAMP, MICROS);
          case TIMESTAMPTZ -> f.createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, MICROS);
          case INTERVAL ->
              f.createSqlIntervalType(
                  new SqlIntervalQualifier(TimeUnit.DAY, TimeUnit.SECOND, SqlParserPos.ZERO));
          case UUID -> f.createSqlType(SqlTypeName.UUID);
          case JSON, ANY -> f.createSqlType(SqlTypeName.VARIANT);
        };
    return f.createTypeWithNullability(t, nullable);
  }

  /** The engine's type of one of Calcite's; null for the type of an untyped null. */
  public static @Nullable DataType data(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case NULL, UNKNOWN -> null;
      case BOOLEAN -> DataType.BOOLEAN;
      case TINYINT, SMALLINT, INTEGER, UTINYINT, USMALLINT -> DataType.INT32;
      case BIGINT, UINTEGER -> DataType.INT64;
      case UBIGINT -> DataType.decimal(20, 0);
      case DECIMAL ->
          DataType.decimal(Math.max(1, type.getPrecision()), Math.max(0, type.getScale()));
      case REAL, FLOAT, DOUBLE -> DataType.FLOAT64;
      case CHAR, VARCHAR, SYMBOL -> DataType.VARCHAR;
      case BINARY, VARBINARY -> DataType.VARBINARY;
      case DATE -> DataType.DATE;
      case TIME, TIME_WITH_LOCAL_TIME_ZONE, TIME_TZ -> DataType.TIME;
      case TIMESTAMP -> DataType.TIMESTAMP;
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> DataType.TIMESTAMPTZ;
      case INTERVAL_YEAR,
          INTERVAL_YEAR_MONTH,
          INTERVAL_MONTH,
          INTERVAL_DAY,
          INTERVAL_DAY_HOUR,
          INTERVAL_DAY_MINUTE,
          INTERVAL_DAY_SECOND,
          INTERVAL_HOUR,
          INTERVAL_HOUR_MINUTE,
          INTERVAL_HOUR_SECOND,
          INTERVAL_MINUTE,
          INTERVAL_MINUTE_SECOND,
          INTERVAL_SECOND ->
          DataType.INTERVAL;
      case UUID -> DataType.UUID;
      case VARIANT, ANY, ARRAY, MAP, ROW, MULTISET -> DataType.JSON;
      default ->
          throw PenstockException.unsupported(
              "sql-type",
              "the type " + type + " is not supported; cast to one that is, as VARCHAR");
    };
  }

  /** Is it the type that a decimal has by its digits alone (0.05 may have one before the point)? */
  public static boolean isTypeOf(BigDecimal value, DataType type) {
    int digits = Math.max(value.precision(), value.scale());
    boolean small = value.precision() <= value.scale();
    return value.scale() == type.scale()
        && (type.precision() == digits || small && type.precision() == digits + 1);
  }

  /** Decimals to 38 digits, microseconds, strings without a length, sums as the engine's. */
  private static final class Rules extends RelDataTypeSystemImpl {
    @Override
    public int getMaxPrecision(SqlTypeName type) {
      return switch (type) {
        case DECIMAL -> DataType.MAX_PRECISION;
        case TIME,
            TIMESTAMP,
            TIME_WITH_LOCAL_TIME_ZONE,
            TIMESTAMP_WITH_LOCAL_TIME_ZONE,
            TIME_TZ,
            TIMESTAMP_TZ ->
            9;
        case CHAR, VARCHAR, BINARY, VARBINARY -> Integer.MAX_VALUE;
        default -> super.getMaxPrecision(type);
      };
    }

    @Override
    public int getDefaultPrecision(SqlTypeName type) {
      return switch (type) {
        case DECIMAL -> 18;
        case TIME,
            TIMESTAMP,
            TIME_WITH_LOCAL_TIME_ZONE,
            TIMESTAMP_WITH_LOCAL_TIME_ZONE,
            TIME_TZ,
            TIMESTAMP_TZ ->
            MICROS;
        default -> super.getDefaultPrecision(type);
      };
    }

    @Override
    public int getDefaultScale(SqlTypeName type) {
      return type == SqlTypeName.DECIMAL ? 3 : super.getDefaultScale(type);
    }

    @Override
    public int getMaxScale(SqlTypeName type) {
      return type == SqlTypeName.DECIMAL ? DataType.MAX_PRECISION : super.getMaxScale(type);
    }

    @Override
    public boolean shouldConvertRaggedUnionTypesToVarying() {
      return true;
    }

    @Override
    public RelDataType deriveSumType(RelDataTypeFactory f, RelDataType argument) {
      DataType type = data(argument);
      DataType sum =
          type == null
              ? DataType.INT64
              : switch (type.kind()) {
                case INT32, INT64 -> DataType.INT64;
                case DECIMAL -> DataType.decimal(DataType.MAX_PRECISION, type.scale());
                case INTERVAL -> DataType.INTERVAL;
                default -> DataType.FLOAT64;
              };
      return calcite(f, sum, argument.isNullable());
    }

    @Override
    public RelDataType deriveAvgAggType(RelDataTypeFactory f, RelDataType argument) {
      return calcite(f, DataType.FLOAT64, argument.isNullable());
    }
  }
}
