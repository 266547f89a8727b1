package dev.penstock.sql.calcite;

import clojure.lang.PersistentList;
import clojure.lang.Symbol;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.compiler.FunctionRegistry;
import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCallBinding;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Asks the plan language's registry what a call gives. */
final class PlanCall {
  private static final Pattern ARGUMENT = Pattern.compile("\\ba\\$(\\d+)\\b");

  /** Where in the plan it was: a SQL text has its own place. */
  private static final Pattern PLAN = Pattern.compile("; in \\(.*", Pattern.DOTALL);

  private static final Pattern CAST = Pattern.compile("write \\(cast (\\S+) :(\\w+)\\)");

  private PlanCall() {}

  /**
   * The type of a call of a function of the registry; a wrong call is Calcite's kind of problem.
   */
  static RelDataType type(FunctionRegistry.Kind kind, Shape shape, SqlOperatorBinding call) {
    return type(kind, shape, call, call.getOperandCount());
  }

  /** The same where the arguments are the first operands only. */
  static RelDataType type(
      FunctionRegistry.Kind kind, Shape shape, SqlOperatorBinding call, int arguments) {
    List<@Nullable Object> args = new ArrayList<>();
    List<Field> columns = new ArrayList<>();
    for (int i = 0; i < arguments; i++) {
      // the converter makes a column of what is aggregated: a literal has its column's type here
      // too
      boolean column = kind == FunctionRegistry.Kind.AGGREGATE && i == 0;
      args.add(argument(call, i, column, columns));
    }
    try {
      Field type = FunctionRegistry.typeOf(kind, shape.form(args), columns);
      return SqlTypes.calcite(call.getTypeFactory(), type.type(), type.nullable());
    } catch (PenstockException e) {
      throw problem(call, e);
    }
  }

  private static RuntimeException problem(SqlOperatorBinding call, PenstockException why) {
    String plain = PLAN.matcher(String.valueOf(why.getMessage())).replaceFirst("");
    String named =
        ARGUMENT
            .matcher(CAST.matcher(plain).replaceAll("write CAST($1 AS $2)"))
            .replaceAll(m -> "argument " + (Integer.parseInt(m.group(1)) + 1));
    PenstockException problem = new PenstockException(why.category(), why.code(), named, why);
    if (!(call instanceof SqlCallBinding binding)) {
      return problem;
    }
    SqlParserPos pos = binding.getCall().getParserPosition();
    return new CalciteContextException(
        named,
        problem,
        pos.getLineNum(),
        pos.getColumnNum(),
        pos.getEndLineNum(),
        pos.getEndColumnNum());
  }

  private static @Nullable Object argument(
      SqlOperatorBinding call, int i, boolean column, List<Field> columns) {
    RelDataType type = call.getOperandType(i);
    DataType data = SqlTypes.data(type);
    if (data == null) {
      return null;
    }
    Object literal = column ? null : literal(call, i, data);
    if (literal != null) {
      return literal;
    }
    String name = "a$" + i;
    columns.add(new Field(name, data, type.isNullable()));
    return Symbol.intern(null, name);
  }

  /** Literals that decide a type: strings (parts of dates), whole numbers (digits). */
  private static @Nullable Object literal(SqlOperatorBinding call, int i, DataType data) {
    if (call instanceof SqlCallBinding binding) {
      SqlNode node = binding.operand(i);
      if (!(node instanceof SqlLiteral)) {
        return null;
      }
    }
    if (!(call instanceof SqlCallBinding) && !(call instanceof RexCallBinding)) {
      return i == 0 ? null : sample(data);
    }
    if (!call.isOperandLiteral(i, false)) {
      return null;
    }
    return switch (data.kind()) {
      case BOOLEAN -> call.getOperandLiteralValue(i, Boolean.class);
      case VARCHAR -> call.getOperandLiteralValue(i, String.class);
      case INT32, INT64 -> call.getOperandLiteralValue(i, Long.class);
      case DECIMAL -> decimal(call.getOperandLiteralValue(i, BigDecimal.class), data);
      case FLOAT64 -> call.getOperandLiteralValue(i, Double.class);
      default -> null;
    };
  }

  /** A literal that the converter made of a cast to more digits is no literal of the plan. */
  private static @Nullable Object decimal(@Nullable BigDecimal value, DataType type) {
    if (value == null || value.scale() > type.scale()) {
      return value;
    }
    return SqlTypes.isTypeOf(value.setScale(type.scale()), type) ? value : null;
  }

  /**
   * A literal in the place of one that Calcite made a column: further arguments of aggregates are
   * separators and shares, which have been checked, and which no type depends on.
   */
  private static @Nullable Object sample(DataType data) {
    return switch (data.kind()) {
      case VARCHAR -> ",";
      case FLOAT64, DECIMAL -> 0.5;
      case INT32, INT64 -> 1L;
      case BOOLEAN -> true;
      default -> null;
    };
  }

  /** How a call looks in a plan. */
  interface Shape {
    Object form(List<@Nullable Object> args);

    /** {@code (name a b ...)}. */
    static Shape of(String name) {
      return args -> {
        List<@Nullable Object> form = new ArrayList<>();
        form.add(Symbol.intern(null, name));
        form.addAll(args);
        return PersistentList.create(form);
      };
    }
  }
}
