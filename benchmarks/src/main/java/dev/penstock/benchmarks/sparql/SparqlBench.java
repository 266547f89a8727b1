package dev.penstock.benchmarks.sparql;

import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.benchmarks.beside.Figures;
import dev.penstock.benchmarks.beside.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.jena.query.QueryCancelledException;
import org.eclipse.rdf4j.query.QueryEvaluationException;
import org.jspecify.annotations.Nullable;

/**
 * {@code SparqlBench [--triples 1000000] [--calls 50] [--warmup 3] [--rounds 7] [--workers 2]
 * [--peers jena,tdb2,rdf4j,lmdb] [--longest-seconds 10] [--stop-seconds 60] [CASE ...]}.
 *
 * <pre>
 * a sample:  milliseconds of a query, from its text to its last row; of a look-up the mean of so many
 *            calls, each with another text
 * one run:   a peer whose first run, in which answers are compared, took longer than
 *            --longest-seconds: that is its sample
 * stopped:   a peer's first run did not end within --stop-seconds: so much is its sample, and its
 *            answer is not compared
 * </pre>
 */
public final class SparqlBench {
  private final List<TriplePeer> peers = new ArrayList<>();
  private final Ticker ticker = new Ticker(Boolean.getBoolean("penstock.progress"));
  private final int calls;
  private final int products;
  private final int people;
  private final int longestSeconds;
  private final int stopSeconds;

  private SparqlBench(Arguments given, long triples) {
    this.calls = given.number("--calls", 50);
    this.products = Market.products(triples);
    this.people = Market.people(triples);
    this.longestSeconds = given.number("--longest-seconds", 10);
    this.stopSeconds = given.number("--stop-seconds", 60);
  }

  public static void main(String[] args) throws Exception {
    Arguments given =
        new Arguments(
            args,
            Set.of(
                "--triples",
                "--calls",
                "--warmup",
                "--rounds",
                "--workers",
                "--peers",
                "--longest-seconds",
                "--stop-seconds"),
            Set.of());
    long about = Long.parseLong(given.text("--triples", "1000000"));
    SparqlBench bench = new SparqlBench(given, about);
    Path folder = Files.createTempDirectory("penstock-sparql-bench-");
    try {
      bench.run(given, about, folder);
    } finally {
      bench.ticker.close();
      for (TriplePeer peer : bench.peers) {
        peer.close();
      }
      delete(folder);
    }
  }

  private void run(Arguments given, long about, Path folder) throws Exception {
    ticker.doing("writing about " + about + " triples");
    Path file = folder.resolve("market.nt");
    long triples = Market.write(file, about);
    int workers = given.number("--workers", 2);
    peers.add(new PenstockTriples(workers));
    for (String name : given.text("--peers", "jena,tdb2,rdf4j,lmdb").split(",")) {
      peers.add(peer(name, folder));
    }
    String what = triples + " triples, " + workers + " workers, JDK " + Runtime.version();
    System.out.println(what + "\n");
    load(file);
    run(given.words(), given.number("--warmup", 3), given.number("--rounds", 7), what);
  }

  private TriplePeer peer(String name, Path folder) throws IOException {
    return switch (name) {
      case "jena" -> JenaTriples.inMemory(stopSeconds);
      case "tdb2" -> JenaTriples.tdb2(Files.createDirectory(folder.resolve(name)), stopSeconds);
      case "rdf4j" -> Rdf4jTriples.inMemory(stopSeconds);
      case "lmdb" -> Rdf4jTriples.lmdb(Files.createDirectory(folder.resolve(name)), stopSeconds);
      default ->
          throw new IllegalArgumentException("expected jena, tdb2, rdf4j or lmdb, got " + name);
    };
  }

  /** Each loads the same file; what the heap holds more afterwards is what it took. */
  private void load(Path file) throws Exception {
    System.out.println("| load | s | MB of heap |\n|---|---|---|");
    for (TriplePeer peer : peers) {
      ticker.doing("loading " + peer.name());
      long before = heldBytes();
      long start = System.nanoTime();
      peer.load(file);
      double seconds = (System.nanoTime() - start) / 1e9;
      long held = (heldBytes() - before) >> 20;
      ticker.done(String.format(Locale.ROOT, "loaded %s: %.1f s", peer.name(), seconds));
      System.out.printf(Locale.ROOT, "| %s | %.1f | %d |%n", peer.name(), seconds, held);
    }
    System.out.println();
  }

  private static long heldBytes() {
    System.gc();
    Runtime heap = Runtime.getRuntime();
    return heap.totalMemory() - heap.freeMemory();
  }

  private void run(List<String> names, int warmup, int rounds, String what) throws Exception {
    List<String> series = peers.stream().map(TriplePeer::name).toList();
    Figures lookUps = new Figures("sparql-lookups", "ms", series, series.size(), what);
    Figures analytics = new Figures("sparql-analytics", "ms", series, series.size(), what);
    for (Question question : Question.ALL) {
      if (names.isEmpty() || names.contains(question.name())) {
        measure(question, warmup, rounds, question.isLookUp() ? lookUps : analytics);
      }
    }
    lookUps.publish();
    System.out.println();
    analytics.publish();
  }

  /** Compares the answers, then takes the samples of those peers that are fast enough. */
  private void measure(Question question, int warmup, int rounds, Figures figures)
      throws Exception {
    double[][] samples = new double[peers.size()][];
    Set<Integer> stopped = new HashSet<>();
    List<String> ours = List.of();
    List<Integer> measured = new ArrayList<>();
    List<Rounds.Work> works = new ArrayList<>();
    for (int p = 0; p < peers.size(); p++) {
      TriplePeer peer = peers.get(p);
      ticker.doing(question.name() + ": the answer of " + peer.name());
      long start = System.nanoTime();
      List<String> rows = answers(peer, question, start);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (rows == null) {
        stopped.add(p);
      } else if (p == 0) {
        ours = rows;
      } else {
        checkSame(question, ours, rows, peer);
      }
      if (rows == null || p > 0 && seconds > longestSeconds) {
        samples[p] = new double[] {seconds * 1e3 / times(question)};
      } else {
        measured.add(p);
        works.add(() -> millis(peer, question));
      }
    }
    ticker.doing(question.name() + ": " + warmup + " + " + rounds + " rounds");
    double[][] taken = Rounds.take(works, warmup, rounds);
    StringBuilder line = new StringBuilder(question.name() + ", ms:");
    for (int i = 0; i < taken.length; i++) {
      samples[measured.get(i)] = taken[i];
    }
    for (double[] one : samples) {
      line.append(String.format(Locale.ROOT, " %.3g", Figures.median(one)));
    }
    ticker.done(line.toString());
    figures.put(question.name(), samples, stopped);
  }

  private int times(Question question) {
    return question.isLookUp() ? calls : 1;
  }

  /**
   * The rows of all calls; null: the peer was stopped.
   *
   * @param start when it began, as nanoseconds
   */
  private @Nullable List<String> answers(TriplePeer peer, Question question, long start)
      throws Exception {
    List<String> rows = new ArrayList<>();
    try {
      for (int i = 0; i < times(question); i++) {
        List<String> one = peer.rows(question.text(i, products, people));
        one.stream().sorted().forEach(rows::add);
      }
    } catch (QueryCancelledException | QueryEvaluationException e) {
      if ((System.nanoTime() - start) / 1e9 < stopSeconds) {
        throw e;
      }
      return null;
    }
    return rows;
  }

  private static void checkSame(
      Question question, List<String> ours, List<String> theirs, TriplePeer peer) {
    if (!ours.equals(theirs)) {
      throw new IllegalStateException(
          question.name()
              + ": "
              + ours.size()
              + " rows differ from the "
              + theirs.size()
              + " of "
              + peer.name()
              + ", in the first ones: "
              + ours.stream().filter(r -> !theirs.contains(r)).limit(3).toList()
              + ", and theirs "
              + theirs.stream().filter(r -> !ours.contains(r)).limit(3).toList());
    }
  }

  private double millis(TriplePeer peer, Question question) throws Exception {
    int times = times(question);
    String[] texts = new String[times];
    for (int i = 0; i < times; i++) {
      texts[i] = question.text(i, products, people);
    }
    long start = System.nanoTime();
    for (String text : texts) {
      peer.count(text);
    }
    return (System.nanoTime() - start) / 1e6 / times;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
