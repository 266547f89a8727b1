package dev.penstock.benchmarks.memory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code MemoryBench [sort|join|group ...] | tpch [--sql DIR] [--data DIR] [--sf 10] [--rounds 3]
 * [--workers 2] [--heap-beyond MB]}: each job under its caps, Penstock and DuckDB in turn, each in
 * a fresh process. Exit code 1 when a result of Penstock differs from DuckDB's, or Penstock fails.
 */
public final class MemoryBench {
  /** Heap beyond the cap: the engine's own classes, plans, and what batches in flight take. */
  /** Of the heap beyond the cap: what the cap says. */
  private static final long AS_THE_LAUNCHER = -1;

  private final Processes processes;
  private final Path data;
  private final double scale;
  private final int rounds;
  private final int workers;
  private final long heapBeyond;
  private boolean failed;

  private MemoryBench(Path data, double scale, int rounds, int workers, long heapBeyond) {
    this.data = data;
    this.processes = new Processes(data);
    this.scale = scale;
    this.rounds = rounds;
    this.workers = workers;
    this.heapBeyond = heapBeyond;
  }

  /** What a process did. */
  private record Run(
      double seconds, long spilledMib, String digest, long residentMib, @Nullable String failure) {}

  public static void main(String[] args) throws Exception {
    Path data = Path.of("benchmarks/target/data");
    double scale = 10;
    int rounds = 3;
    int workers = 2;
    long heapBeyond = AS_THE_LAUNCHER;
    Path sql = Path.of("../shared/tpch");
    boolean tpch = false;
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--data" -> data = Path.of(args[++i]);
        case "--sf" -> scale = Double.parseDouble(args[++i]);
        case "--rounds" -> rounds = Integer.parseInt(args[++i]);
        case "--workers" -> workers = Integer.parseInt(args[++i]);
        case "--heap-beyond" -> heapBeyond = Long.parseLong(args[++i]);
        case "--sql" -> sql = Path.of(args[++i]);
        case "tpch" -> tpch = true;
        default -> jobs.add(Job.parse(args[i]));
      }
    }
    MemoryBench bench = new MemoryBench(data, scale, rounds, workers, heapBeyond);
    if (tpch) {
      bench.archive();
      boolean right = new TpchUnderCap(bench.processes).run(data, scale, sql, workers, heapBeyond);
      System.exit(right ? 0 : 1);
    }
    bench.archive();
    System.out.println(
        "| job | peer | cap MB | seconds median [min-max] | spilled MiB | resident MiB | ratio |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Job job : jobs.isEmpty() ? List.of(Job.values()) : jobs) {
      bench.measure(job);
    }
    System.exit(bench.failed ? 1 : 0);
  }

  /** Made by the query that the launcher makes its own of. */
  private void archive() throws Exception {
    String sql =
        "SELECT a, count(*) AS n FROM (VALUES (1, 2), (3, 4)) AS t (a, b) WHERE b > 1 GROUP BY a"
            + " ORDER BY a";
    processes.archive(
        List.of("-Xmx256m", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"),
        Child.class,
        List.of("penstock", "64", Processes.SPILL, "2", sql));
  }

  private void measure(Job job) throws Exception {
    job.prepare(data, scale);
    String sql = job.sql(data.toAbsolutePath(), scale);
    List<Run> duck = new ArrayList<>();
    List<List<Run>> ours = new ArrayList<>();
    job.caps.forEach(cap -> ours.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      duck.add(run("duckdb", job.duckCap, sql));
      for (int c = 0; c < job.caps.size(); c++) {
        ours.get(c).add(run("penstock", job.caps.get(c), sql));
      }
    }
    print(job, "duckdb", job.duckCap, duck, null);
    for (int c = 0; c < job.caps.size(); c++) {
      print(job, "penstock", job.caps.get(c), ours.get(c), duck);
    }
  }

  private void print(Job job, String peer, long cap, List<Run> runs, @Nullable List<Run> beside) {
    String head = "| " + job.name().toLowerCase(Locale.ROOT) + " | " + peer + " | " + cap + " | ";
    for (Run run : runs) {
      if (run.failure() != null) {
        failed |= beside != null;
        System.out.println(head + "failed: " + run.failure() + " | | | |");
        return;
      }
    }
    String ratio = "";
    if (beside != null && beside.get(0).failure() == null) {
      ratio = String.format(Locale.ROOT, "%.2f", median(runs) / median(beside));
      if (!beside.get(0).digest().equals(runs.get(0).digest())) {
        failed = true;
        ratio += " WRONG ROWS";
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s%.1f [%.1f-%.1f] | %d | %d | %s |%n",
        head,
        median(runs),
        runs.stream().mapToDouble(Run::seconds).min().orElse(0),
        runs.stream().mapToDouble(Run::seconds).max().orElse(0),
        runs.get(0).spilledMib(),
        runs.stream().mapToLong(Run::residentMib).max().orElse(0),
        ratio);
  }

  private static double median(List<Run> runs) {
    return runs.stream()
        .mapToDouble(Run::seconds)
        .sorted()
        .skip(runs.size() / 2)
        .findFirst()
        .orElse(0);
  }

  /** As the launcher, if nothing else is asked for. */
  static long heapMb(long capMb, long beyond) {
    return capMb + (beyond >= 0 ? beyond : capMb <= 100 ? 50 : 40);
  }

  private Run run(String peer, long capMb, String sql) throws Exception {
    List<String> options =
        peer.equals("penstock") ? Processes.heap(heapMb(capMb, heapBeyond)) : List.of("-Xmx64m");
    List<String> lines =
        processes.run(
            options,
            Child.class,
            List.of(peer, String.valueOf(capMb), Processes.SPILL, String.valueOf(workers), sql));
    long resident = -1;
    String result = "FAILED it printed nothing";
    for (String line : lines) {
      if (line.startsWith("RSS ")) {
        resident = Long.parseLong(line.substring(4)) >> 10;
      } else if (line.startsWith("RESULT ") || line.startsWith("FAILED ")) {
        result = line;
      } else if (line.startsWith("EXIT ") && !line.equals("EXIT 0")) {
        result = "FAILED exit code " + line.substring(5);
      }
    }
    if (result.startsWith("FAILED ")) {
      return new Run(0, 0, "", resident, result.substring(7));
    }
    String[] parts = result.substring(7).split("\\|");
    return new Run(
        Double.parseDouble(parts[0]), Long.parseLong(parts[1]), parts[2], resident, null);
  }
}
