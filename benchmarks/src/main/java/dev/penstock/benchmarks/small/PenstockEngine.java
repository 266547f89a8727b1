package dev.penstock.benchmarks.small;

import dev.penstock.batch.Batch;
import dev.penstock.benchmarks.beside.PenstockPeer;
import dev.penstock.compiler.Result;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;

/** Penstock by its Java API, one worker. */
final class PenstockEngine implements SmallEngine {
  private final PenstockPeer peer = PenstockPeer.open(1);
  private final SqlSession session = peer.session();
  private final Statement point = SqlSession.statements(POINT + "?", "").get(0);
  private final Statement aggregate = SqlSession.statements(AGGREGATE, "").get(0);

  PenstockEngine() {
    peer.execute(
        "CREATE TABLE t AS SELECT CAST(x AS BIGINT) AS id, CAST(x % 100 AS INTEGER) AS g,"
            + " CAST(x * 7 % 1000 AS BIGINT) AS v FROM range("
            + SmallBench.ROWS
            + ") AS r (x)");
  }

  @Override
  public String name() {
    return "penstock";
  }

  @Override
  public long point(long id) {
    return sum(session.execute(point, id));
  }

  @Override
  public long aggregate(long from) {
    return sum(session.execute(aggregate, from));
  }

  @Override
  public long text(String sql) {
    return sum(session.execute(sql));
  }

  @Override
  public void plan(String sql) {
    session.prepare(SqlSession.statements(sql, "").get(0));
  }

  private static long sum(Result result) {
    long sum = 0;
    try (result) {
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        for (int i = 0; i < batch.count(); i++) {
          Object[] row = batch.row(i);
          sum += ((Number) row[row.length - 1]).longValue();
        }
      }
    }
    return sum;
  }

  @Override
  public void close() {
    peer.close();
  }
}
