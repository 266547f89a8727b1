package dev.penstock.nodes.unnest;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Functions;
import dev.penstock.monitor.PenstockException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes a column of elements. A varchar takes strings as they read and everything else as JSON
 * text, JSON takes all as it is; for other types the text is cast as any varchar is. Numbers and
 * booleans take a short cut.
 */
final class Elements {
  private static final int SHOWN = 60;
  private static final int SHORT_DIGITS = 18;

  private final DataType type;
  private final Expr cast;
  private final boolean direct;
  private ColumnBuilder builder;

  Elements(DataType type, int capacity) {
    this.type = type;
    this.cast =
        Functions.call("try-cast", List.of(new ColumnExpr(0, DataType.VARCHAR)), castType(type));
    this.direct =
        switch (type.kind()) {
          case BOOLEAN, INT32, INT64, FLOAT64, VARCHAR, JSON -> true;
          default -> false;
        };
    this.builder = newBuilder(capacity);
  }

  /** Varchar and JSON are never cast. */
  private static DataType castType(DataType type) {
    return type.kind() == Kind.JSON ? DataType.VARCHAR : type;
  }

  private ColumnBuilder newBuilder(int capacity) {
    return ColumnBuilder.of(direct ? type : DataType.VARCHAR, capacity);
  }

  void addNull() {
    builder.appendNull();
  }

  /** Adds the element that lies there. */
  void add(byte[] text, int start, int end) {
    byte first = text[start];
    if (first == 'n') {
      builder.appendNull();
      return;
    }
    if (type.kind() == Kind.JSON) {
      builder.appendBytes(text, start, end - start);
      return;
    }
    boolean number = first == '-' || (first >= '0' && first <= '9');
    boolean added =
        switch (type.kind()) {
          case INT32, INT64 -> number && addWhole(text, start, end);
          case FLOAT64 -> number && addDouble(text, start, end);
          case BOOLEAN -> addBoolean(first);
          default -> false;
        };
    if (added) {
      return;
    }
    if (!direct || type.kind() == Kind.VARCHAR) {
      addText(builder, text, start, end);
      return;
    }
    ColumnBuilder one = ColumnBuilder.of(DataType.VARCHAR, 1);
    addText(one, text, start, end);
    builder.append(cast(one), 0);
  }

  private static void addText(ColumnBuilder out, byte[] text, int start, int end) {
    if (text[start] != '"') {
      out.appendBytes(text, start, end - start);
    } else if (JsonStrings.hasEscape(text, start, end)) {
      byte[] decoded = JsonStrings.decoded(text, start + 1, end - 1);
      out.appendBytes(decoded, 0, decoded.length);
    } else {
      out.appendBytes(text, start + 1, end - start - 2);
    }
  }

  private boolean addWhole(byte[] text, int start, int end) {
    boolean negative = text[start] == '-';
    int from = negative ? start + 1 : start;
    if (end - from > SHORT_DIGITS) {
      return false;
    }
    long v = 0;
    for (int i = from; i < end; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      v = v * 10 + digit;
    }
    v = negative ? -v : v;
    if (type.kind() == Kind.INT64) {
      builder.appendLong(v);
    } else if (v == (int) v) {
      builder.appendInt((int) v);
    } else {
      return false;
    }
    return true;
  }

  private boolean addDouble(byte[] text, int start, int end) {
    double v =
        Double.parseDouble(new String(text, start, end - start, StandardCharsets.ISO_8859_1));
    if (Double.isInfinite(v)) {
      return false;
    }
    builder.appendDouble(v);
    return true;
  }

  private boolean addBoolean(byte first) {
    if (first == 't' || first == 'f') {
      builder.appendBoolean(first == 't');
      return true;
    }
    return false;
  }

  /** The elements since the last call. */
  Column take() {
    ColumnBuilder done = builder;
    builder = newBuilder(done.length());
    return direct ? done.build() : cast(done);
  }

  private Column cast(ColumnBuilder texts) {
    Column column = texts.build();
    int n = column.length();
    Column out = cast.eval(Batch.of(n, column));
    for (int i = 0; i < n; i++) {
      if (out.isNull(i) && !column.isNull(i)) {
        String shown = String.valueOf(column.value(i));
        if (shown.length() > SHOWN) {
          shown = shown.substring(0, shown.offsetByCodePoints(0, SHOWN / 2)) + "...";
        }
        throw PenstockException.incorrect(
            "bad-element",
            "unnest+: the element '"
                + shown
                + "' does not fit "
                + type
                + "; unnest as varchar, and use try-cast");
      }
    }
    return out;
  }
}
