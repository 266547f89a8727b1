package dev.penstock.benchmarks.tpch;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.SqlSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Penstock in this process; it tells planning apart. */
final class PenstockPeer implements Peer {
  private final Engine engine;
  private final SqlSession session;
  private double planningMillis;

  PenstockPeer(Path folder, int workers) {
    engine =
        Engine.create(
            EngineOptions.defaults().withWorkers(workers).withBaseDirectory(folder, false));
    DataFolder.addTo(engine, folder);
    session = new SqlSession(engine);
  }

  @Override
  public String name() {
    return "penstock";
  }

  private Prepared prepare(String sql) {
    return session.prepare(SqlSession.statements(sql, "").get(0));
  }

  private List<List<@Nullable Object>> rows(Prepared prepared) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (Result result = engine.run(prepared)) {
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        for (int i = 0; i < batch.count(); i++) {
          rows.add(Arrays.asList(batch.row(i)));
        }
      }
    }
    return rows;
  }

  @Override
  public Answer answer(String sql) {
    return new Answer(rows(prepare(sql)));
  }

  @Override
  public double millis(String sql) {
    session.execute("CREATE OR REPLACE VIEW forgets_plans AS SELECT 1").close();
    long start = System.nanoTime();
    Prepared prepared = prepare(sql);
    long planned = System.nanoTime();
    rows(prepared);
    planningMillis = (planned - start) / 1e6;
    return (System.nanoTime() - start) / 1e6;
  }

  /** The share of the last {@link #millis} until the plan was ready to run. */
  double planningMillis() {
    return planningMillis;
  }

  /** The rewritten plan, and what each operator did. */
  String analyze(String sql) {
    Prepared prepared = prepare(sql);
    return prepared.rewritten() + "\n" + engine.explainAnalyze(prepared);
  }

  @Override
  public void close() {
    engine.close();
  }
}
