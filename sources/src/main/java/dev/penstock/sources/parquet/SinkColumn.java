package dev.penstock.sources.parquet;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.monitor.PenstockException;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.JsonType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.UUIDType;

/**
 * How a column of ours is stored.
 *
 * @param width bytes of a value; 0 for booleans (bits), -1 for values that carry their own length
 */
record SinkColumn(
    Field field, Type physical, int width, MinMax.Order order, SchemaElement element) {

  static SinkColumn of(Field field) {
    DataType type = field.type();
    SchemaElement e = new SchemaElement(field.name());
    e.setRepetition_type(
        field.nullable() ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED);
    return switch (type.kind()) {
      case BOOLEAN -> of(field, e, Type.BOOLEAN, 0, MinMax.Order.LONGS);
      case INT32 -> {
        e.setLogicalType(LogicalType.INTEGER(new IntType((byte) 32, true)));
        e.setConverted_type(ConvertedType.INT_32);
        yield of(field, e, Type.INT32, 4, MinMax.Order.LONGS);
      }
      case INT64 -> {
        e.setLogicalType(LogicalType.INTEGER(new IntType((byte) 64, true)));
        e.setConverted_type(ConvertedType.INT_64);
        yield of(field, e, Type.INT64, 8, MinMax.Order.LONGS);
      }
      case FLOAT64 -> of(field, e, Type.DOUBLE, 8, MinMax.Order.DOUBLES);
      case DECIMAL -> decimal(field, e);
      case VARCHAR -> {
        e.setLogicalType(LogicalType.STRING(new StringType()));
        e.setConverted_type(ConvertedType.UTF8);
        yield of(field, e, Type.BYTE_ARRAY, -1, MinMax.Order.UNSIGNED_BYTES);
      }
      case JSON -> {
        e.setLogicalType(LogicalType.JSON(new JsonType()));
        e.setConverted_type(ConvertedType.JSON);
        yield of(field, e, Type.BYTE_ARRAY, -1, MinMax.Order.UNSIGNED_BYTES);
      }
      case VARBINARY -> of(field, e, Type.BYTE_ARRAY, -1, MinMax.Order.UNSIGNED_BYTES);
      case DATE -> {
        e.setLogicalType(LogicalType.DATE(new DateType()));
        e.setConverted_type(ConvertedType.DATE);
        yield of(field, e, Type.INT32, 4, MinMax.Order.LONGS);
      }
      case TIME -> {
        e.setLogicalType(LogicalType.TIME(new TimeType(false, micros())));
        yield of(field, e, Type.INT64, 8, MinMax.Order.LONGS);
      }
      case TIMESTAMP -> {
        e.setLogicalType(LogicalType.TIMESTAMP(new TimestampType(false, micros())));
        yield of(field, e, Type.INT64, 8, MinMax.Order.LONGS);
      }
      case TIMESTAMPTZ -> {
        e.setLogicalType(LogicalType.TIMESTAMP(new TimestampType(true, micros())));
        e.setConverted_type(ConvertedType.TIMESTAMP_MICROS);
        yield of(field, e, Type.INT64, 8, MinMax.Order.LONGS);
      }
      case INTERVAL -> {
        e.setConverted_type(ConvertedType.INTERVAL);
        yield of(field, e, Type.FIXED_LEN_BYTE_ARRAY, 12, MinMax.Order.NONE);
      }
      case UUID -> {
        e.setLogicalType(LogicalType.UUID(new UUIDType()));
        yield of(field, e, Type.FIXED_LEN_BYTE_ARRAY, 16, MinMax.Order.UNSIGNED_BYTES);
      }
      case ANY ->
          throw PenstockException.unsupported(
              "parquet-feature",
              "column "
                  + field.name()
                  + " of type any cannot be written to Parquet; cast it to varchar");
    };
  }

  private static TimeUnit micros() {
    return TimeUnit.MICROS(new MicroSeconds());
  }

  private static SinkColumn decimal(Field field, SchemaElement e) {
    int precision = field.type().precision();
    e.setLogicalType(LogicalType.DECIMAL(new DecimalType(field.type().scale(), precision)));
    e.setConverted_type(ConvertedType.DECIMAL);
    e.setPrecision(precision);
    e.setScale(field.type().scale());
    if (precision <= 9) {
      return of(field, e, Type.INT32, 4, MinMax.Order.LONGS);
    }
    return precision <= DataType.MAX_LONG_PRECISION
        ? of(field, e, Type.INT64, 8, MinMax.Order.LONGS)
        : of(field, e, Type.FIXED_LEN_BYTE_ARRAY, 16, MinMax.Order.SIGNED_BYTES);
  }

  private static SinkColumn of(
      Field field, SchemaElement e, Type physical, int width, MinMax.Order order) {
    e.setType(physical);
    if (physical == Type.FIXED_LEN_BYTE_ARRAY) {
      e.setType_length(width);
    }
    return new SinkColumn(field, physical, width, order, e);
  }
}
