package dev.penstock.sql.calcite;

import dev.penstock.compiler.FunctionRegistry;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.util.Optionality;

/** An aggregate of the plan language under its SQL name. */
public class PlanAggregate extends SqlAggFunction {
  private static final Set<String> NEVER_NULL =
      Set.of("count", "count-if", "approx-count-distinct", "regr-count", "grouping");

  private final String planName;

  PlanAggregate(String sqlName, String planName, Optionality group) {
    this(sqlName, planName, group, Integer.MAX_VALUE);
  }

  /**
   * @param arguments how many of the operands, at most, are arguments
   */
  PlanAggregate(String sqlName, String planName, Optionality group, int arguments) {
    super(
        sqlName,
        null,
        SqlKind.OTHER_FUNCTION,
        call -> type(planName, call, Math.min(arguments, call.getOperandCount())),
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        false,
        group);
    this.planName = planName;
  }

  /** Null of no rows, which a grouping set without keys may have. */
  private static RelDataType type(String planName, SqlOperatorBinding call, int arguments) {
    RelDataType type =
        planName.equals("collect") && arguments == 1
            ? Lists.collected(call)
            : PlanCall.type(
                FunctionRegistry.Kind.AGGREGATE, PlanCall.Shape.of(planName), call, arguments);
    return NEVER_NULL.contains(planName)
        ? type
        : call.getTypeFactory().createTypeWithNullability(type, true);
  }

  /** Its name in a plan. */
  public String planName() {
    return planName;
  }

  @Override
  public boolean allowsFilter() {
    return true;
  }

  @Override
  public boolean allowsNullTreatment() {
    return true;
  }
}
