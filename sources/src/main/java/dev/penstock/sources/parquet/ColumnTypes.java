package dev.penstock.sources.parquet;

import dev.penstock.batch.DataType;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/** From the physical and logical type of a leaf to a type and the conversion to it. */
final class ColumnTypes {
  /** A leaf's type; or, with a problem, why there is none. */
  record Typed(DataType type, Conversion conversion, @Nullable String problem) {
    Typed(DataType type, Conversion conversion) {
      this(type, conversion, null);
    }
  }

  private ColumnTypes() {}

  static Typed of(SchemaElement e) {
    LogicalType logical = e.isSetLogicalType() ? e.getLogicalType() : null;
    ConvertedType converted = e.isSetConverted_type() ? e.getConverted_type() : null;
    return switch (e.getType()) {
      case BOOLEAN -> new Typed(DataType.BOOLEAN, Conversion.BOOLEAN);
      case INT32 -> int32(e, logical, converted);
      case INT64 -> int64(e, logical, converted);
      case INT96 -> new Typed(DataType.TIMESTAMP, Conversion.INT96_TO_MICROS);
      case FLOAT -> new Typed(DataType.FLOAT64, Conversion.FLOAT);
      case DOUBLE -> new Typed(DataType.FLOAT64, Conversion.DOUBLE);
      case BYTE_ARRAY -> bytes(e, logical, converted);
      case FIXED_LEN_BYTE_ARRAY -> fixed(e, logical, converted);
    };
  }

  private static boolean isDecimal(
      @Nullable LogicalType logical, @Nullable ConvertedType converted) {
    return logical != null ? logical.isSetDECIMAL() : converted == ConvertedType.DECIMAL;
  }

  private static Typed decimal(
      SchemaElement e, @Nullable LogicalType logical, Conversion toLong, Conversion toPair) {
    boolean modern = logical != null && logical.isSetDECIMAL();
    int precision = modern ? logical.getDECIMAL().getPrecision() : e.getPrecision();
    int scale = modern ? logical.getDECIMAL().getScale() : e.getScale();
    if (precision < 1 || precision > DataType.MAX_PRECISION || scale < 0 || scale > precision) {
      return new Typed(
          DataType.VARBINARY,
          Conversion.BYTES,
          "decimal("
              + precision
              + ","
              + scale
              + ") cannot be read: a precision of 1 to 38 and a scale up to it are");
    }
    return new Typed(
        DataType.decimal(precision, scale),
        precision <= DataType.MAX_LONG_PRECISION ? toLong : toPair);
  }

  private static Typed int32(
      SchemaElement e, @Nullable LogicalType logical, @Nullable ConvertedType converted) {
    if (isDecimal(logical, converted)) {
      return decimal(e, logical, Conversion.INT32_TO_LONG, Conversion.INT32_TO_PAIR);
    }
    if (logical != null ? logical.isSetDATE() : converted == ConvertedType.DATE) {
      return new Typed(DataType.DATE, Conversion.INT32);
    }
    if (logical != null ? logical.isSetTIME() : converted == ConvertedType.TIME_MILLIS) {
      return new Typed(DataType.TIME, Conversion.INT32_MILLIS_TO_MICROS);
    }
    boolean uint32 =
        logical != null && logical.isSetINTEGER()
            ? !logical.getINTEGER().isIsSigned() && logical.getINTEGER().getBitWidth() == 32
            : converted == ConvertedType.UINT_32;
    return uint32
        ? new Typed(DataType.INT64, Conversion.UNSIGNED_INT32_TO_LONG)
        : new Typed(DataType.INT32, Conversion.INT32);
  }

  private static Typed int64(
      SchemaElement e, @Nullable LogicalType logical, @Nullable ConvertedType converted) {
    if (isDecimal(logical, converted)) {
      return decimal(e, logical, Conversion.INT64, Conversion.INT64_TO_PAIR);
    }
    if (logical != null && logical.isSetTIMESTAMP()) {
      return new Typed(
          logical.getTIMESTAMP().isIsAdjustedToUTC() ? DataType.TIMESTAMPTZ : DataType.TIMESTAMP,
          unit(logical.getTIMESTAMP().getUnit()));
    }
    if (logical != null && logical.isSetTIME()) {
      return new Typed(DataType.TIME, unit(logical.getTIME().getUnit()));
    }
    if (converted == ConvertedType.TIMESTAMP_MILLIS
        || converted == ConvertedType.TIMESTAMP_MICROS) {
      return new Typed(
          DataType.TIMESTAMPTZ,
          converted == ConvertedType.TIMESTAMP_MILLIS
              ? Conversion.INT64_MILLIS_TO_MICROS
              : Conversion.INT64);
    }
    if (converted == ConvertedType.TIME_MICROS) {
      return new Typed(DataType.TIME, Conversion.INT64);
    }
    boolean uint64 =
        logical != null && logical.isSetINTEGER()
            ? !logical.getINTEGER().isIsSigned()
            : converted == ConvertedType.UINT_64;
    return uint64
        ? new Typed(DataType.decimal(20, 0), Conversion.UNSIGNED_INT64_TO_PAIR)
        : new Typed(DataType.INT64, Conversion.INT64);
  }

  private static Conversion unit(TimeUnit unit) {
    if (unit.isSetMILLIS()) {
      return Conversion.INT64_MILLIS_TO_MICROS;
    }
    return unit.isSetNANOS() ? Conversion.INT64_NANOS_TO_MICROS : Conversion.INT64;
  }

  private static Typed bytes(
      SchemaElement e, @Nullable LogicalType logical, @Nullable ConvertedType converted) {
    if (isDecimal(logical, converted)) {
      return decimal(e, logical, Conversion.DECIMAL_TO_LONG, Conversion.DECIMAL_TO_PAIR);
    }
    if (logical != null ? logical.isSetJSON() : converted == ConvertedType.JSON) {
      return new Typed(DataType.JSON, Conversion.BYTES);
    }
    boolean text =
        logical != null
            ? logical.isSetSTRING() || logical.isSetENUM()
            : converted == ConvertedType.UTF8 || converted == ConvertedType.ENUM;
    return new Typed(text ? DataType.VARCHAR : DataType.VARBINARY, Conversion.BYTES);
  }

  private static Typed fixed(
      SchemaElement e, @Nullable LogicalType logical, @Nullable ConvertedType converted) {
    int length = e.getType_length();
    if (length <= 0) {
      return new Typed(
          DataType.VARBINARY,
          Conversion.BYTES,
          "a fixed length of " + length + " bytes is not possible");
    }
    if (isDecimal(logical, converted)) {
      return decimal(e, logical, Conversion.DECIMAL_TO_LONG, Conversion.DECIMAL_TO_PAIR);
    }
    if (logical != null && logical.isSetUUID() && length == 16) {
      return new Typed(DataType.UUID, Conversion.UUID);
    }
    if (logical != null && logical.isSetFLOAT16() && length == 2) {
      return new Typed(DataType.FLOAT64, Conversion.FLOAT16);
    }
    if (converted == ConvertedType.INTERVAL && length == 12) {
      return new Typed(DataType.INTERVAL, Conversion.INTERVAL);
    }
    return new Typed(DataType.VARBINARY, Conversion.BYTES);
  }

  /** The name of a physical type, for messages. */
  static String name(@Nullable Type type) {
    return type == null ? "group" : type.name();
  }
}
