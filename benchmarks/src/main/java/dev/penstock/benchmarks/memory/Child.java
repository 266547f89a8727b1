package dev.penstock.benchmarks.memory;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Profile;
import dev.penstock.compiler.Result;
import dev.penstock.sql.SqlSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.StringJoiner;

/**
 * One peer doing one job, in a process of its own: {@code Child PEER CAP_MB SPILL_DIR WORKERS SQL}.
 * The last line it prints is {@code RESULT seconds|spilled MB|digest of the rows}, or {@code FAILED
 * message}.
 */
final class Child {
  private Child() {}

  public static void main(String[] args) throws Exception {
    long cap = Long.parseLong(args[1]) << 20;
    Path spill = Path.of(args[2]);
    int workers = Integer.parseInt(args[3]);
    String line;
    try {
      line =
          args[0].equals("penstock")
              ? penstock(cap, spill, workers, args[4])
              : duck(cap, spill, workers, args[4]);
    } catch (Exception | OutOfMemoryError e) {
      String message = String.valueOf(e.getMessage()).replace('\n', ' ');
      line = "FAILED " + message.substring(0, Math.min(300, message.length()));
    }
    System.out.println("RSS " + Processes.peakResidentKib());
    System.out.println(line);
  }

  private static String penstock(long cap, Path spill, int workers, String sql) {
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(workers)
            .withMemoryBytes(cap)
            .withSpillTo(new EngineOptions.SpillTo(spill, Long.MAX_VALUE));
    try (Engine engine = Engine.create(options)) {
      SqlSession session = new SqlSession(engine);
      long start = System.nanoTime();
      List<String> rows = new ArrayList<>();
      Profile profile;
      try (Result result = session.execute(sql)) {
        for (Object[] row : result.rows()) {
          StringJoiner text = new StringJoiner("|");
          for (Object value : row) {
            text.add(String.valueOf(value));
          }
          rows.add(text.toString());
        }
        profile = result.profile();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.err.println(profile.text());
      return "RESULT " + seconds + "|" + (profile.spilledBytes() >> 20) + "|" + rows.hashCode();
    }
  }

  private static String duck(long cap, Path spill, int workers, String sql) throws Exception {
    Properties settings = new Properties();
    settings.setProperty("threads", String.valueOf(workers));
    settings.setProperty("memory_limit", (cap >> 20) + "MiB");
    settings.setProperty("temp_directory", spill.toString());
    settings.setProperty("preserve_insertion_order", "false");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:", settings);
        Statement statement = duck.createStatement()) {
      long start = System.nanoTime();
      List<String> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery(sql)) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          StringJoiner text = new StringJoiner("|");
          for (int c = 1; c <= columns; c++) {
            text.add(String.valueOf(result.getObject(c)));
          }
          rows.add(text.toString());
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return "RESULT " + seconds + "|0|" + rows.hashCode();
    }
  }
}
