package dev.penstock.benchmarks.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Queries from the standard input, answers to the standard output, until the input ends.
 *
 * <pre>
 * args: folder threads table...
 * in:   BASE64(sql) LF
 * out:  "#" nanoseconds SP rows LF, then a line a row: cells BASE64(text) or "-" for null, with SP between
 *       "!" message LF
 * </pre>
 */
public final class SparkServer {
  private SparkServer() {}

  public static void main(String[] args) throws IOException {
    // what Spark prints itself must not come between answers
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    System.setOut(System.err);
    String partitions = String.valueOf(2 * Integer.parseInt(args[1]));
    try (SparkSession spark =
            SparkSession.builder()
                .master("local[" + args[1] + "]")
                .appName("tpch")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", partitions)
                .getOrCreate();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (int i = 2; i < args.length; i++) {
        Path file = Path.of(args[0], args[i] + ".parquet");
        Path from = Files.exists(file) ? file : Path.of(args[0], args[i]);
        spark.read().parquet(from.toString()).createOrReplaceTempView(args[i]);
      }
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String sql = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
        answer(spark, sql, out);
        out.flush();
      }
    }
  }

  private static void answer(SparkSession spark, String sql, PrintStream out) {
    List<Row> rows;
    long start = System.nanoTime();
    try {
      rows = spark.sql(sql).collectAsList();
    } catch (Exception e) {
      out.println("!" + String.valueOf(e.getMessage()).replace('\n', ' '));
      return;
    }
    out.println("#" + (System.nanoTime() - start) + " " + rows.size());
    for (Row row : rows) {
      StringBuilder cells = new StringBuilder();
      for (int c = 0; c < row.length(); c++) {
        cells.append(c == 0 ? "" : " ").append(cell(row.get(c)));
      }
      out.println(cells);
    }
  }

  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "-";
    }
    String text = value instanceof BigDecimal d ? d.toPlainString() : value.toString();
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
