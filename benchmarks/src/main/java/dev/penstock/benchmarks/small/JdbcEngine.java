package dev.penstock.benchmarks.small;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.calcite.adapter.java.ReflectiveSchema;
import org.apache.calcite.jdbc.CalciteConnection;

/** An engine by JDBC: DuckDB and H2 with a primary key, Calcite's Enumerable over Java objects. */
final class JdbcEngine implements SmallEngine {
  private final String name;
  private final Connection connection;
  private final PreparedStatement point;
  private final PreparedStatement aggregate;

  private JdbcEngine(String name, Connection connection) throws SQLException {
    this.name = name;
    this.connection = connection;
    point = connection.prepareStatement(POINT + "?");
    aggregate = connection.prepareStatement(AGGREGATE);
  }

  static JdbcEngine duckdb() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement sql = connection.createStatement()) {
      sql.execute("set threads = 1");
    }
    fill(connection);
    return new JdbcEngine("duckdb", connection);
  }

  static JdbcEngine h2() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:h2:mem:small");
    fill(connection);
    return new JdbcEngine("h2", connection);
  }

  static JdbcEngine calcite() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:calcite:lex=JAVA");
    CalciteConnection calcite = connection.unwrap(CalciteConnection.class);
    calcite.getRootSchema().add("small", new ReflectiveSchema(new Tables()));
    calcite.setSchema("small");
    return new JdbcEngine("calcite", connection);
  }

  private static void fill(Connection connection) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute("create table t (id bigint primary key, g integer, v bigint)");
    }
    try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?, ?)")) {
      for (int id = 0; id < SmallBench.ROWS; id++) {
        insert.setLong(1, id);
        insert.setInt(2, SmallBench.g(id));
        insert.setLong(3, SmallBench.v(id));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** The schema of Calcite: a public field is a table. */
  public static final class Tables {
    public final Row[] t = new Row[SmallBench.ROWS];

    Tables() {
      for (int id = 0; id < t.length; id++) {
        t[id] = new Row(id, SmallBench.g(id), SmallBench.v(id));
      }
    }
  }

  /** A row of Calcite: a public field is a column. */
  public static final class Row {
    public final long id;
    public final int g;
    public final long v;

    Row(long id, int g, long v) {
      this.id = id;
      this.g = g;
      this.v = v;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long point(long id) throws SQLException {
    return run(point, id);
  }

  @Override
  public long aggregate(long from) throws SQLException {
    return run(aggregate, from);
  }

  private static long run(PreparedStatement statement, long parameter) throws SQLException {
    statement.setLong(1, parameter);
    try (ResultSet rows = statement.executeQuery()) {
      return sum(rows);
    }
  }

  @Override
  public long text(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return sum(rows);
    }
  }

  @Override
  public void plan(String sql) throws SQLException {
    connection.prepareStatement(sql).close();
  }

  /** Reads all columns, as our rows do. */
  private static long sum(ResultSet rows) throws SQLException {
    int n = rows.getMetaData().getColumnCount();
    long sum = 0;
    while (rows.next()) {
      for (int c = 1; c < n; c++) {
        rows.getLong(c);
      }
      sum += rows.getLong(n);
    }
    return sum;
  }

  @Override
  public void close() throws SQLException {
    point.close();
    aggregate.close();
    connection.close();
  }
}
