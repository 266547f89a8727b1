package dev.penstock.sql.calcite;

import dev.penstock.compiler.FunctionRegistry.Kind;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/** An operator of SQL ({@code + - * / %}) with the types and the meaning of the plan language. */
public final class PlanOperator extends SqlSpecialOperator {
  private final transient PlanCall.Shape shape;
  private final boolean dependsOnTypes;

  PlanOperator(String sign, PlanCall.Shape shape) {
    super(
        sign,
        SqlKind.OTHER,
        40,
        true,
        call -> PlanCall.type(Kind.SCALAR, shape, call),
        null,
        OperandTypes.VARIADIC);
    this.shape = shape;
    this.dependsOnTypes = false;
  }

  /** An operator whose form depends on the types of its arguments. */
  PlanOperator(String sign, SqlReturnTypeInference type) {
    super(sign, SqlKind.OTHER, 40, true, type, null, OperandTypes.VARIADIC);
    this.dependsOnTypes = true;
    this.shape =
        args -> {
          throw new IllegalStateException("the form of " + sign + " depends on types");
        };
  }

  /** Is it the lenient division, whose plan depends on its arguments' types? */
  public boolean dependsOnTypes() {
    return dependsOnTypes;
  }

  /** The call as plan data. */
  public Object form(List<@Nullable Object> args) {
    return shape.form(args);
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    call.getOperandList().forEach(o -> validator.deriveType(scope, o));
    return validateOperands(validator, scope, call);
  }

  @Override
  public org.apache.calcite.sql.SqlSyntax getSyntax() {
    return org.apache.calcite.sql.SqlSyntax.FUNCTION;
  }
}
