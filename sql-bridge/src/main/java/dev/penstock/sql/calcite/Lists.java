package dev.penstock.sql.calcite;

import clojure.lang.Keyword;
import clojure.lang.PersistentList;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.jspecify.annotations.Nullable;

/**
 * Lists are JSON arrays in the engine; while a query is planned, the type of their elements is
 * known.
 */
final class Lists {
  private Lists() {}

  /** The type of {@code [a, b]}. */
  static RelDataType literal(SqlOperatorBinding call) {
    List<RelDataType> types = new ArrayList<>(call.collectOperandTypes());
    RelDataType element =
        types.isEmpty()
            ? SqlTypes.calcite(call.getTypeFactory(), DataType.INT32, true)
            : call.getTypeFactory().leastRestrictive(types);
    if (element == null) {
      throw PenstockException.incorrect(
          "type-mismatch", "the elements of a list must have a common type, got " + types);
    }
    return of(call, element);
  }

  /** The type of a list of what an aggregate collects. */
  static RelDataType collected(SqlOperatorBinding call) {
    return of(call, call.getOperandType(0));
  }

  private static RelDataType of(SqlOperatorBinding call, RelDataType element) {
    RelDataType e = call.getTypeFactory().createTypeWithNullability(element, true);
    return call.getTypeFactory()
        .createTypeWithNullability(call.getTypeFactory().createArrayType(e, -1), true);
  }

  /**
   * The type of {@code {'a': x}}: a map to a row of the fields' types, as only a row that is no
   * value itself is left alone by the validator.
   */
  static RelDataType structure(SqlOperatorBinding call) {
    RelDataTypeFactory.Builder fields = call.getTypeFactory().builder();
    for (int i = 0; i + 1 < call.getOperandCount(); i += 2) {
      String name =
          call.isOperandLiteral(i, false) ? call.getOperandLiteralValue(i, String.class) : null;
      if (name == null) {
        return SqlTypes.calcite(call.getTypeFactory(), DataType.JSON, false);
      }
      fields.add(name, call.getOperandType(i + 1)).nullable(true);
    }
    return call.getTypeFactory()
        .createMapType(
            SqlTypes.calcite(call.getTypeFactory(), DataType.VARCHAR, false), fields.build());
  }

  /** The type of a field of a structure; null if it is not known. */
  private static @Nullable RelDataType field(SqlOperatorBinding call) {
    RelDataType fields = call.getOperandType(0).getValueType();
    boolean named =
        fields != null
            && fields.isStruct()
            && call.isOperandLiteral(1, false)
            && DataType.VARCHAR.equals(SqlTypes.data(call.getOperandType(1)));
    String name = named ? call.getOperandLiteralValue(1, String.class) : null;
    RelDataTypeField field =
        fields == null || name == null ? null : fields.getField(name, false, false);
    return field == null ? null : field.getType();
  }

  /** The type of {@code s.a}. */
  static RelDataType part(SqlOperatorBinding call) {
    DataType of = SqlTypes.data(call.getOperandType(0));
    if (of != null && !of.equals(DataType.JSON)) {
      throw PenstockException.incorrect(
          "type-mismatch",
          "a field is of a structure, got " + call.getOperandType(0) + " before the dot");
    }
    return element(call);
  }

  /** The type of {@code x[i]}. */
  static RelDataType element(SqlOperatorBinding call) {
    RelDataType of = call.getOperandType(0);
    RelDataType part = field(call);
    if (part != null) {
      return call.getTypeFactory().createTypeWithNullability(part, true);
    }
    DataType data = SqlTypes.data(of);
    RelDataType element = of.getComponentType();
    if (element != null) {
      return call.getTypeFactory().createTypeWithNullability(element, true);
    }
    DataType type = data != null && data.equals(DataType.VARCHAR) ? data : DataType.JSON;
    return SqlTypes.calcite(call.getTypeFactory(), type, true);
  }

  /** {@code x[i]}: positions from 1, from the end below 0; of a structure its part. */
  static Object elementForm(List<@Nullable Object> args, List<RelDataType> types) {
    Object x = args.get(0);
    Object i = args.get(1);
    if (DataType.VARCHAR.equals(SqlTypes.data(types.get(0)))) {
      return list("substring", x, i, 1L);
    }
    Object path =
        i instanceof Long n
            ? n > 0 ? (Object) (n - 1) : n == 0 ? null : "$[" + n + "]"
            : Operators.isWhole(types.get(1)) ? list("-", i, 1L) : i;
    RelDataType element = types.get(0).getComponentType();
    RelDataType fields = types.get(0).getValueType();
    if (fields != null && fields.isStruct() && i instanceof String name) {
      RelDataTypeField field = fields.getField(name, false, false);
      element = field == null ? null : field.getType();
      path = field == null ? name : field.getName();
    }
    DataType type = element == null ? DataType.JSON : SqlTypes.data(element);
    if (path == null || type == null) {
      return list("cast", null, type(type == null ? DataType.INT32 : type));
    }
    if (type.equals(DataType.JSON)) {
      return list("json-get", x, path);
    }
    Object text = list("json-get-text", x, path);
    return type.equals(DataType.VARCHAR) ? text : list("cast", text, type(type));
  }

  /** {@code s[a:b]} of a text or a list. */
  static Object sliceForm(List<@Nullable Object> args, List<RelDataType> types) {
    if (!DataType.VARCHAR.equals(SqlTypes.data(types.get(0)))) {
      return list(
          "json-list",
          "slice",
          args.get(0),
          list("to-json", args.get(1) == null ? (Object) 1L : args.get(1)),
          list("to-json", args.get(2) == null ? (Object) (-1L) : args.get(2)));
    }
    return textSlice(args);
  }

  /** From a position to another, both inclusive. */
  static Object textSlice(List<@Nullable Object> args) {
    Object s = args.get(0);
    Object from = args.get(1) == null ? (Object) 1L : args.get(1);
    Object to = args.get(2);
    if (to instanceof Long n && n < 0) {
      s = n == -1 ? s : list("left", s, n + 1);
      to = null;
    }
    if (to == null) {
      return list("substring", s, from);
    }
    return list("substring", s, from, list("greatest", 0L, list("+", list("-", to, from), 1L)));
  }

  static Object type(DataType type) {
    return type.isDecimal()
        ? PersistentVector.create(
            Keyword.intern(null, "decimal"), (long) type.precision(), (long) type.scale())
        : Keyword.intern(null, type.kind().text());
  }

  static Object list(String head, @Nullable Object... args) {
    List<@Nullable Object> out = new ArrayList<>();
    out.add(Symbol.intern(null, head));
    out.addAll(Arrays.asList(args));
    return PersistentList.create(out);
  }

  /** {@code list_contains(l, x)}: whether x is among the elements. */
  static Object containsForm(List<@Nullable Object> args, List<RelDataType> types) {
    DataType of = args.size() == 2 ? SqlTypes.data(types.get(0)) : DataType.INT32;
    if (of != null && !of.equals(DataType.JSON)) {
      throw PenstockException.incorrect(
          "type-mismatch", "list_contains takes a list and an element, got " + types);
    }
    return list(
        "cast",
        list(
            "json-get-text",
            list("json-list", "has", args.get(0), list("to-json", args.get(1))),
            0L),
        type(DataType.BOOLEAN));
  }
}
