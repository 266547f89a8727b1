package dev.penstock.benchmarks.beside;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Penstock in this process; it tells planning apart. */
public final class PenstockPeer implements Peer {
  private final Engine engine;
  private final SqlSession session;
  private final boolean owner;
  private boolean planCache;
  private double planningMillis;

  private PenstockPeer(Engine engine, SqlSession session, boolean owner) {
    this.owner = owner;
    this.engine = engine;
    this.session = session;
  }

  /** An engine without tables. */
  public static PenstockPeer open(int workers) {
    Engine engine = Engine.create(EngineOptions.defaults().withWorkers(workers));
    return new PenstockPeer(engine, new SqlSession(engine), true);
  }

  /** The tables are the Parquet files of a folder; or copies of them in memory, kept as batches. */
  public static PenstockPeer over(Path folder, List<String> tables, int workers, boolean copied) {
    EngineOptions options =
        EngineOptions.defaults().withWorkers(workers).withBaseDirectory(folder, false);
    Engine engine = Engine.create(options);
    PenstockPeer peer = new PenstockPeer(engine, new SqlSession(engine), true);
    if (copied) {
      for (String table : tables) {
        Path file = folder.resolve(table + ".parquet");
        Path from = Files.exists(file) ? file : folder.resolve(table);
        peer.execute(
            "CREATE TABLE "
                + table
                + " AS SELECT * FROM '"
                + from.toString().replace("'", "''")
                + "'");
      }
    } else {
      DataFolder.addTo(engine, folder);
    }
    return peer;
  }

  /** One more session of the same engine and catalog, for another thread. */
  public PenstockPeer again() {
    return new PenstockPeer(engine, new SqlSession(engine, session.catalog()), false);
  }

  public SqlSession session() {
    return session;
  }

  /** A statement whose rows do not matter. */
  public void execute(String sql) {
    try (Result result = session.execute(sql)) {
      rows(result);
    }
  }

  @Override
  public String name() {
    return "penstock";
  }

  /**
   * Takes the plan of a text that came before from the cache of the session. Else each text is
   * planned anew, as a peer without such a cache does it.
   */
  public PenstockPeer withPlanCache() {
    planCache = true;
    return this;
  }

  private Prepared prepare(String sql) {
    Statement statement = SqlSession.statements(sql, "").get(0);
    return planCache ? session.prepare(statement) : engine.prepare(session.plan(statement));
  }

  /** All rows, values as they are at the boundary of the Java API. */
  public static List<List<@Nullable Object>> rows(Result result) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Batch batch = result.next(); batch != null; batch = result.next()) {
      for (int i = 0; i < batch.count(); i++) {
        rows.add(Arrays.asList(batch.row(i)));
      }
    }
    return rows;
  }

  private List<List<@Nullable Object>> rows(Prepared prepared) {
    try (Result result = engine.run(prepared)) {
      return rows(result);
    }
  }

  @Override
  public Answer answer(String sql) {
    return new Answer(rows(prepare(sql)));
  }

  @Override
  public double millis(String sql) {
    long start = System.nanoTime();
    Prepared prepared = prepare(sql);
    long planned = System.nanoTime();
    rows(prepared);
    planningMillis = (planned - start) / 1e6;
    return (System.nanoTime() - start) / 1e6;
  }

  /** The share of the last {@link #millis} until the plan was ready to run. */
  public double planningMillis() {
    return planningMillis;
  }

  /** The rewritten plan, and what each operator did. */
  public String analyze(String sql) {
    Prepared prepared = prepare(sql);
    return prepared.rewritten() + "\n" + engine.explainAnalyze(prepared);
  }

  @Override
  public void close() {
    if (owner) {
      engine.close();
    }
  }
}
