package dev.penstock.benchmarks.memory;

import dev.penstock.benchmarks.TpchFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is measured: its data, its SQL (the same for all peers), the caps. */
enum Job {
  /** All columns of lineitem in order; the last 52 rows are fetched, so all of it is sorted. */
  SORT(List.of(512L, 128L), 512) {
    @Override
    void prepare(Path data, double scale) throws Exception {
      TpchFiles.at(data, scale);
    }

    @Override
    String sql(Path data, double scale) throws Exception {
      Path file = TpchFiles.at(data, scale).resolve("lineitem.parquet");
      long rows = count(file);
      return "select * from '"
          + quoted(file)
          + "' order by l_extendedprice, l_orderkey, l_linenumber limit 52 offset "
          + (rows - 52);
    }
  },

  /** Two tables of 100 bytes a row, one to one. */
  JOIN(List.of(50L), 200) {
    @Override
    void prepare(Path data, double scale) throws Exception {
      long rows = rows(1_000_000, scale);
      for (String side : List.of("a", "b")) {
        // two permutations of the same keys; the payload is 92 characters
        String key = side.equals("a") ? "i * 7919 % " + rows : "i * 104729 % " + rows;
        write(
            file(data, "join-" + side, rows),
            "select "
                + key
                + " as k, md5(i::varchar) || md5((i + 1)::varchar) || left(md5((i + 2)::varchar), 28)"
                + " as p from range("
                + rows
                + ") t(i)",
            20_480);
      }
    }

    @Override
    String sql(Path data, double scale) {
      long rows = rows(1_000_000, scale);
      return "select count(*) as n, sum(length(case when a.k % 2 = 0 then a.p else b.p end)) as s"
          + " from '"
          + quoted(file(data, "join-a", rows))
          + "' a join '"
          + quoted(file(data, "join-b", rows))
          + "' b on a.k = b.k";
    }
  },

  /** Many rows into a hundredth of groups. */
  GROUP(List.of(20L), 80) {
    @Override
    void prepare(Path data, double scale) throws Exception {
      long rows = rows(10_000_000, scale);
      write(
          file(data, "group", rows),
          "select (hash(i) % "
              + rows / 100
              + ")::bigint as k, i as v from range("
              + rows
              + ") t(i)",
          122_880);
    }

    @Override
    String sql(Path data, double scale) {
      return "select count(*) as groups, sum(n) as n, sum(s) as s from (select k, count(*) as n,"
          + " sum(v) as s from '"
          + quoted(file(data, "group", rows(10_000_000, scale)))
          + "' group by k) g";
    }
  };

  /** Caps of Penstock in MB. */
  final List<Long> caps;

  /** The least limit in MB at which DuckDB passes on the machine of the notes. */
  final long duckCap;

  Job(List<Long> caps, long duckCap) {
    this.caps = caps;
    this.duckCap = duckCap;
  }

  /** Makes the files if they are not there. */
  abstract void prepare(Path data, double scale) throws Exception;

  abstract String sql(Path data, double scale) throws Exception;

  static Job parse(String name) {
    for (Job job : values()) {
      if (job.name().equalsIgnoreCase(name)) {
        return job;
      }
    }
    throw new IllegalArgumentException(
        "unknown job: "
            + name
            + "; expected one of "
            + Arrays.toString(values()).toLowerCase(Locale.ROOT));
  }

  private static long rows(long perScale, double scale) {
    return Math.round(perScale * scale);
  }

  private static Path file(Path data, String name, long rows) {
    return data.resolve(name + "-" + rows + ".parquet");
  }

  private static String quoted(Path file) {
    return file.toString().replace("'", "''");
  }

  private static void write(Path file, String select, int rowGroup) throws Exception {
    if (Files.exists(file)) {
      return;
    }
    System.err.println("generating " + file);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duck.createStatement()) {
      sql.execute(
          "copy ("
              + select
              + ") to '"
              + quoted(partial)
              + "' (format parquet, compression snappy, row_group_size "
              + rowGroup
              + ")");
    }
    Files.move(partial, file);
  }

  private static long count(Path file) throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duck.createStatement();
        var rows = sql.executeQuery("select count(*) from '" + quoted(file) + "'")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
