package dev.penstock.benchmarks.memory;

import dev.penstock.benchmarks.TpchFiles;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** All of TPC-H under a small cap beside the same without: rows, times, spilled and resident. */
final class TpchUnderCap {
  private static final long CAP_MB = 256;
  private static final long AMPLE_HEAP_MB = 12_000;

  private final Processes processes;
  private boolean failed;

  TpchUnderCap(Processes processes) {
    this.processes = processes;
  }

  /** True when all rows are equal. */
  boolean run(Path data, double scale, Path sql, int workers, long heapBeyond) throws Exception {
    Path tables = TpchFiles.at(data, scale).toAbsolutePath();
    String fraction =
        new BigDecimal("0.0001")
            .divide(BigDecimal.valueOf(scale), 12, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString();
    Map<String, String> ample = new TreeMap<>();
    Map<String, String> tight = new TreeMap<>();
    long ampleRss = queries(0, AMPLE_HEAP_MB, workers, tables, sql, fraction, ample);
    long tightRss =
        queries(
            CAP_MB, MemoryBench.heapMb(CAP_MB, heapBeyond), workers, tables, sql, fraction, tight);
    System.out.println(
        "| query | seconds | seconds under " + CAP_MB + " MB | spilled MiB | ratio |");
    System.out.println("|---|---|---|---|---|");
    double sum = 0;
    double sumTight = 0;
    for (Map.Entry<String, String> query : ample.entrySet()) {
      String[] a = query.getValue().split("\\|");
      String[] t = tight.getOrDefault(query.getKey(), "failed: no line").split("\\|");
      if (a.length < 3 || t.length < 3) {
        failed = true;
        System.out.println("| " + query.getKey() + " | " + a[0] + " | " + t[0] + " | | |");
        continue;
      }
      double seconds = Double.parseDouble(a[0]);
      double secondsTight = Double.parseDouble(t[0]);
      sum += seconds;
      sumTight += secondsTight;
      boolean same = a[2].equals(t[2]);
      failed |= !same;
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f | %.2f | %s | %.2f%s |%n",
          query.getKey(),
          seconds,
          secondsTight,
          t[1],
          secondsTight / seconds,
          same ? "" : " WRONG ROWS");
    }
    System.out.printf(
        Locale.ROOT, "| sum | %.1f | %.1f | | %.2f |%n", sum, sumTight, sumTight / sum);
    System.out.println(
        "resident: " + ampleRss + " MiB without a cap, " + tightRss + " MiB under it");
    return !failed;
  }

  private long queries(
      long cap,
      long heapMb,
      int workers,
      Path tables,
      Path sql,
      String fraction,
      Map<String, String> into)
      throws Exception {
    List<String> args =
        List.of(
            String.valueOf(cap),
            Processes.SPILL,
            String.valueOf(workers),
            tables.toString(),
            sql.toAbsolutePath().toString(),
            fraction);
    List<String> lines =
        processes.run(
            cap == 0
                ? List.of("-Xmx" + heapMb + "m", "-XX:+UseParallelGC")
                : Processes.heap(heapMb),
            TpchChild.class,
            new ArrayList<>(args));
    long resident = -1;
    for (String line : lines) {
      if (line.startsWith("QUERY ")) {
        into.put(line.substring(6, 9), line.substring(10));
      } else if (line.startsWith("RSS ")) {
        resident = Long.parseLong(line.substring(4)) >> 10;
      }
    }
    return resident;
  }
}
