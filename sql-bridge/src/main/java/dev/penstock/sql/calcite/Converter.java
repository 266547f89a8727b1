package dev.penstock.sql.calcite;

import dev.penstock.monitor.CancellationToken;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's converter without its last check: it compares the types of the validated query with
 * those of the nodes, which differ where only one of the two knows that a value is never null. The
 * types of a plan come from the plan language in any case.
 */
final class Converter extends SqlToRelConverter {
  private final SqlValidator names;
  private final CancellationToken token;

  Converter(
      SqlValidator validator,
      CalciteCatalogReader catalog,
      RelOptCluster cluster,
      CancellationToken token) {
    super(
        (rowType, queryString, schemaPath, viewPath) -> {
          throw new IllegalStateException("views are expanded by their tables");
        },
        validator,
        catalog,
        cluster,
        StandardConvertletTable.INSTANCE,
        config()
            .withExpand(false)
            .withTrimUnusedFields(false)
            .withDecorrelationEnabled(false)
            .withCreateValuesRel(true)
            .withInSubQueryThreshold(Integer.MAX_VALUE)
            .withRemoveSortInSubQuery(true)
            .withRelBuilderConfigTransform(
                c ->
                    c.withSimplify(false)
                        .withAggregateUnique(true)
                        .withSimplifyLimit(false)
                        .withSimplifyValues(false)
                        .withBloat(-1)
                        .withPruneInputOfAggregate(false)
                        .withPushJoinCondition(false)
                        .withDedupAggregateCalls(true)));
    this.names = validator;
    this.token = token;
  }

  /** Of each query in the query: here planning can end. */
  @Override
  protected RelRoot convertQueryRecursive(
      SqlNode query, boolean top, @Nullable RelDataType targetRowType) {
    token.check();
    return super.convertQueryRecursive(query, top, targetRowType);
  }

  /** Queries below WITH: without the check of their types, too. */
  @Override
  public RelRoot convertQuery(SqlNode query, boolean needsValidation, boolean top) {
    RelNode rel = convertQueryRecursive(query, top, null).rel;
    return RelRoot.of(rel, names.getValidatedNodeType(query), query.getKind());
  }

  /** The nodes of a validated query, its fields under the query's names. */
  RelRoot nodes(SqlNode valid) {
    RelNode rel = OuterFields.mended(convertQueryRecursive(valid, true, null).rel);
    rel.accept(new LeftAggregates());
    return RelRoot.of(rel, names.getValidatedNodeType(valid), valid.getKind());
  }

  /** Refuses aggregates that the converter left in expressions, as it does below IGNORE NULLS. */
  private static final class LeftAggregates extends RelHomogeneousShuttle {
    private final RexShuttle expressions =
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            if (call.getOperator() instanceof SqlAggFunction) {
              throw new IllegalStateException("an aggregate that is not of a group: " + call);
            }
            return super.visitCall(call);
          }

          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            query.rel.accept(LeftAggregates.this);
            return super.visitSubQuery(query);
          }
        };

    @Override
    public RelNode visit(RelNode node) {
      node.accept(expressions);
      return super.visit(node);
    }
  }
}
