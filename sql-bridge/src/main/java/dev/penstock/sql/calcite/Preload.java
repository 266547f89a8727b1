package dev.penstock.sql.calcite;

import dev.penstock.monitor.CancellationToken;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.validate.SqlValidator;
import org.jspecify.annotations.Nullable;

/**
 * Loads Calcite beside other work: a query goes through parser, validator and converter with
 * Calcite's own operators, for ours need the planner, which is loaded at the same time.
 *
 * <p>Concurrency: classes of Calcite wait for each other when they are initialized, some in a
 * circle; so nobody touches one before {@link #await} returned.
 */
public final class Preload {
  private static final String QUERY =
      "SELECT t.a, extract(YEAR FROM d) AS y, count(*) AS n, sum(CASE WHEN b > 1 THEN b * 2 ELSE 0 END) AS s"
          + " FROM (VALUES (1, 2, DATE '2020-01-01')) AS t (a, b, d)"
          + " JOIN (VALUES (1), (2)) AS u (a) ON t.a = u.a"
          + " WHERE b BETWEEN 1 AND 5 AND d < DATE '2020-01-01' + INTERVAL '1' DAY AND b IN (SELECT 2)"
          + " GROUP BY t.a, d HAVING count(*) > 0 ORDER BY n DESC, t.a LIMIT 10";

  private static volatile @Nullable FutureTask<Boolean> running;

  private Preload() {}

  /** Begins; returns at once. */
  public static void begin() {
    FutureTask<Boolean> task = new FutureTask<>(Preload::query);
    running = task;
    Thread thread = new Thread(task, "penstock-load-sql");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Waits for its end, if it has begun. An error is none of the caller's: its query has its own.
   */
  public static void await() {
    FutureTask<Boolean> task = running;
    if (task == null) {
      return;
    }
    try {
      task.get();
      running = null;
    } catch (ExecutionException e) {
      running = null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static boolean query() throws SqlParseException {
    CancellationToken never = new CancellationToken();
    RelDataTypeFactory types = SqlTypes.factory();
    CalciteCatalogReader catalog =
        new CalciteCatalogReader(
            CalciteSchema.createRootSchema(false, false),
            List.of(),
            types,
            new CalciteConnectionConfigImpl(new Properties()));
    HepPlanner planner = new HepPlanner(HepProgram.builder().build());
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    RelOptCluster cluster =
        RelOptCluster.create(planner, new PlainCasts(types, new CancellationToken()));
    cluster.setMetadataQuerySupplier(NoMetadata::new);
    SqlValidator validator =
        new Validator(
            new Repairs().stars(),
            never,
            SqlStdOperatorTable.instance(),
            catalog,
            types,
            SqlValidator.Config.DEFAULT.withIdentifierExpansion(true));
    return new Converter(validator, catalog, cluster, never)
            .nodes(validator.validate(SqlPlanner.parsed(QUERY, never)))
            .rel
            .getRowType()
            .getFieldCount()
        > 0;
  }
}
