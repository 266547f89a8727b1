package dev.penstock.benchmarks.tpch;

import dev.penstock.benchmarks.beside.Answer;
import dev.penstock.benchmarks.beside.Peer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spark in a process of its own, so that its jars do not mix with ours: see benchmarks/spark.
 *
 * <pre>
 * to it:   BASE64(sql) LF
 * from it: "#" nanoseconds SP rows LF, then a line a row: cells BASE64(text) or "-" for null, with SP between
 *          "!" message LF
 * </pre>
 */
final class SparkPeer implements Peer {
  private final Process process;
  private final BufferedWriter to;
  private final BufferedReader from;

  /**
   * @param home a folder with spark.jar and lib, as {@code mvn -f benchmarks/spark/pom.xml package}
   *     makes it
   * @param heap in GiB; with 4 it fails at SF 10
   */
  SparkPeer(Path home, Path java, int heap, Path folder, List<String> tables, int threads)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx" + heap + "g"));
    for (String opened :
        List.of(
            "lang",
            "lang.invoke",
            "lang.reflect",
            "io",
            "net",
            "nio",
            "util",
            "util.concurrent",
            "util.concurrent.atomic")) {
      command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
    }
    command.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    command.add("--add-opens=java.base/sun.util.calendar=ALL-UNNAMED");
    command.add("-cp");
    command.add(home.resolve("spark.jar") + File.pathSeparator + home.resolve("lib") + "/*");
    command.add("dev.penstock.benchmarks.spark.SparkServer");
    command.add(folder.toAbsolutePath().toString());
    command.add(Integer.toString(threads));
    command.addAll(tables);
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    to = process.outputWriter(StandardCharsets.UTF_8);
    from = process.inputReader(StandardCharsets.UTF_8);
  }

  @Override
  public String name() {
    return "spark";
  }

  private Timed ask(String sql) throws IOException {
    to.write(Base64.getEncoder().encodeToString(sql.getBytes(StandardCharsets.UTF_8)));
    to.newLine();
    to.flush();
    String[] head = line().split(" ", 2);
    if (!head[0].startsWith("#")) {
      throw new IllegalStateException("Spark: " + String.join(" ", head));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = Integer.parseInt(head[1]); i > 0; i--) {
      List<@Nullable Object> row = new ArrayList<>();
      for (String cell : line().split(" ", -1)) {
        row.add(
            cell.equals("-")
                ? null
                : new String(Base64.getDecoder().decode(cell), StandardCharsets.UTF_8));
      }
      rows.add(row);
    }
    return new Timed(Long.parseLong(head[0].substring(1)) / 1e6, new Answer(rows));
  }

  private String line() throws IOException {
    String line = from.readLine();
    if (line == null) {
      throw new IllegalStateException("Spark's process ended; its messages are above");
    }
    return line;
  }

  private record Timed(double millis, Answer answer) {}

  @Override
  public Answer answer(String sql) throws IOException {
    return ask(sql).answer();
  }

  @Override
  public double millis(String sql) throws IOException {
    return ask(sql).millis();
  }

  /** Ends the process: it stops when nothing comes any more. */
  @Override
  public void close() throws IOException, InterruptedException {
    to.close();
    process.waitFor();
  }
}
