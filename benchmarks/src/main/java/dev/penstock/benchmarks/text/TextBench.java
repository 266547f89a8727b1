package dev.penstock.benchmarks.text;

import dev.penstock.benchmarks.TpchFiles;
import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.benchmarks.beside.DuckPeer;
import dev.penstock.benchmarks.beside.Figures;
import dev.penstock.benchmarks.beside.PenstockPeer;
import dev.penstock.benchmarks.beside.Rounds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * lineitem as CSV and as JSON lines, as DuckDB writes them: each engine finds the types by itself,
 * counts, adds and filters. {@code TextBench [--data DIR] [--sf 1] [--warmup 2] [--rounds 7]
 * [--workers 2]}
 */
public final class TextBench {
  /** What is asked of @FILE@. */
  private static final Map<String, String> QUERIES = new LinkedHashMap<>();

  static {
    QUERIES.put("count", "SELECT count(*) FROM @FILE@");
    QUERIES.put("sum", "SELECT sum(l_extendedprice), sum(l_quantity), max(l_orderkey) FROM @FILE@");
    QUERIES.put(
        "filter",
        "SELECT count(*), sum(l_extendedprice * l_discount) FROM @FILE@"
            + " WHERE CAST(l_shipdate AS DATE) >= DATE '1994-01-01'"
            + " AND CAST(l_shipdate AS DATE) < DATE '1995-01-01'"
            + " AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24");
  }

  private TextBench() {}

  public static void main(String[] args) throws Exception {
    Arguments given =
        new Arguments(
            args, Set.of("--data", "--sf", "--warmup", "--rounds", "--workers"), Set.of());
    Path data = given.path("--data", "benchmarks/target/tpch");
    double scale = given.decimal("--sf", 1);
    int workers = given.number("--workers", 2);
    Path parquet = TpchFiles.in(data, scale).resolve("lineitem.parquet");
    // a folder of its own: among the tables of TPC-H they would be tables of the same names
    Path folder = Path.of("benchmarks/target/text/sf" + scale).toAbsolutePath();
    Files.createDirectories(folder);
    String about = "lineitem SF " + scale + ", " + workers + " threads, JDK " + Runtime.version();
    Figures figures = new Figures("text", "ms", List.of("penstock", "duckdb"), 2, about);
    try (PenstockPeer penstock = PenstockPeer.open(workers);
        DuckPeer duck = DuckPeer.open(workers)) {
      for (String format : List.of("csv", "jsonl")) {
        Path file = folder.resolve("lineitem." + format);
        write(duck, parquet, file, format.equals("csv") ? "csv, header true" : "json");
        for (Map.Entry<String, String> query : QUERIES.entrySet()) {
          String name = format + " " + query.getKey();
          String sql = query.getValue().replace("@FILE@", "'" + file + "'");
          // DuckDB finds doubles where we find decimals
          Rounds.checkSame(name, penstock.answer(sql), duck.answer(sql), "duckdb", false);
          figures.put(
              name,
              Rounds.take(
                  List.of(() -> penstock.millis(sql), () -> duck.millis(sql)),
                  given.number("--warmup", 2),
                  given.number("--rounds", 7)));
        }
      }
    }
    System.out.println(about + "\n");
    figures.publish();
  }

  private static void write(DuckPeer duck, Path parquet, Path file, String format)
      throws Exception {
    if (Files.exists(file)) {
      return;
    }
    System.err.println("writing " + file);
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    duck.execute(
        "copy (select * from read_parquet('"
            + parquet
            + "')) to '"
            + partial
            + "' (format "
            + format
            + ")");
    Files.move(partial, file);
  }
}
