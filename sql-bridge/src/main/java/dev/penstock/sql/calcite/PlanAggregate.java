package dev.penstock.sql.calcite;

import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.util.Optionality;

/** An aggregate of the plan language under its SQL name. */
public final class PlanAggregate extends SqlAggFunction {
  private final String planName;

  PlanAggregate(String sqlName, String planName, Optionality group) {
    super(
        sqlName,
        null,
        kind(planName),
        call -> PlanCall.aggregateType(planName, call),
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        false,
        group);
    this.planName = planName;
  }

  /** Its name in a plan. */
  public String planName() {
    return planName;
  }

  /** Calcite looks at the kind for what WITHIN GROUP orders by. */
  private static SqlKind kind(String planName) {
    return switch (planName) {
      case "percentile-cont" -> SqlKind.PERCENTILE_CONT;
      case "percentile-disc" -> SqlKind.PERCENTILE_DISC;
      default -> SqlKind.OTHER_FUNCTION;
    };
  }

  @Override
  public boolean isPercentile() {
    return planName.startsWith("percentile");
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
