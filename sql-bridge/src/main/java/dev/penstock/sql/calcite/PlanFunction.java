package dev.penstock.sql.calcite;

import dev.penstock.compiler.FunctionRegistry.Kind;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.jspecify.annotations.Nullable;

/** A scalar function of the plan language under its SQL name. */
public final class PlanFunction extends SqlFunction {
  static final String ROW_NUMBER = "$ROW_NUMBER";
  static final String POSITIONAL = "$POSITIONAL";

  private final transient TypedShape shape;

  /** How a call looks in a plan, where that depends on the types of its arguments. */
  interface TypedShape {
    Object form(List<@Nullable Object> args, List<RelDataType> types);
  }

  PlanFunction(String sqlName, PlanCall.Shape shape) {
    this(
        sqlName,
        (args, types) -> shape.form(args),
        call -> PlanCall.type(Kind.SCALAR, shape, call));
  }

  PlanFunction(String sqlName, TypedShape shape, SqlReturnTypeInference type) {
    super(
        sqlName,
        SqlKind.OTHER_FUNCTION,
        type,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.shape = shape;
  }

  /** The call as plan data. */
  public Object form(List<@Nullable Object> args, List<RelDataType> types) {
    return shape.form(args, types);
  }

  /** CURRENT_DATE and its like are written without parentheses. */
  @Override
  public SqlSyntax getSyntax() {
    return getName().startsWith("CURRENT_") || getName().startsWith("LOCAL")
        ? SqlSyntax.FUNCTION_ID
        : SqlSyntax.FUNCTION;
  }

  /** Does each row draw a value of its own? */
  public boolean isDrawn() {
    return !drawnBy().isEmpty();
  }

  /** Is it the number of the row, from 0 on? */
  public boolean isRowNumber() {
    return getName().equals(ROW_NUMBER);
  }

  /** Is it the condition that joins rows by their numbers? */
  public boolean isPositional() {
    return getName().equals(POSITIONAL);
  }

  /** The function of a seed and a row's number that draws, or empty. */
  public String drawnBy() {
    return switch (getName()) {
      case "RANDOM", "RAND" -> "random";
      case "UUID", "UUIDV4", "GEN_RANDOM_UUID" -> "random-uuid";
      default -> "";
    };
  }

  @Override
  public boolean isDeterministic() {
    return !isDrawn() && !isRowNumber();
  }
}
