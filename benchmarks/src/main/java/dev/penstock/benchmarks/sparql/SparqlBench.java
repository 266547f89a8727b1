package dev.penstock.benchmarks.sparql;

import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.benchmarks.beside.Figures;
import dev.penstock.benchmarks.beside.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code SparqlBench [--triples 1000000] [--calls 50] [--warmup 3] [--rounds 7] [--workers 2]
 * [--peers jena,tdb2,rdf4j] [CASE ...]}.
 *
 * <pre>
 * a sample:  milliseconds of a query, from its text to its last row; of a look-up the mean of so many
 *            calls, each with another text
 * </pre>
 */
public final class SparqlBench {
  private final int calls;
  private final int products;
  private final int people;

  private SparqlBench(int calls, long triples) {
    this.calls = calls;
    this.products = Market.products(triples);
    this.people = Market.people(triples);
  }

  public static void main(String[] args) throws Exception {
    Arguments given =
        new Arguments(
            args,
            Set.of("--triples", "--calls", "--warmup", "--rounds", "--workers", "--peers"),
            Set.of());
    long about = Long.parseLong(given.text("--triples", "1000000"));
    SparqlBench bench = new SparqlBench(given.number("--calls", 50), about);
    Path folder = Files.createTempDirectory("penstock-sparql-bench-");
    List<TriplePeer> peers = new ArrayList<>();
    try {
      Path file = folder.resolve("market.nt");
      long triples = Market.write(file, about);
      int workers = given.number("--workers", 2);
      peers.add(new PenstockTriples(workers));
      for (String name : given.text("--peers", "jena,tdb2,rdf4j").split(",")) {
        peers.add(peer(name, folder));
      }
      String what = triples + " triples, " + workers + " workers, JDK " + Runtime.version();
      System.out.println(what + "\n");
      load(peers, file);
      bench.run(
          peers, given.words(), given.number("--warmup", 3), given.number("--rounds", 7), what);
    } finally {
      for (TriplePeer peer : peers) {
        peer.close();
      }
      delete(folder);
    }
  }

  private static TriplePeer peer(String name, Path folder) throws IOException {
    return switch (name) {
      case "jena" -> JenaTriples.inMemory();
      case "tdb2" -> JenaTriples.tdb2(Files.createDirectory(folder.resolve("tdb2")));
      case "rdf4j" -> new Rdf4jTriples();
      default -> throw new IllegalArgumentException("expected jena, tdb2 or rdf4j, got " + name);
    };
  }

  /** Each loads the same file; what the heap holds more afterwards is what it took. */
  private static void load(List<TriplePeer> peers, Path file) throws Exception {
    System.out.println("| load | s | MB of heap |\n|---|---|---|");
    for (TriplePeer peer : peers) {
      long before = heldBytes();
      long start = System.nanoTime();
      peer.load(file);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT, "| %s | %.1f | %d |%n", peer.name(), seconds, (heldBytes() - before) >> 20);
    }
    System.out.println();
  }

  private static long heldBytes() {
    System.gc();
    Runtime heap = Runtime.getRuntime();
    return heap.totalMemory() - heap.freeMemory();
  }

  private void run(List<TriplePeer> peers, List<String> names, int warmup, int rounds, String what)
      throws Exception {
    List<String> series = peers.stream().map(TriplePeer::name).toList();
    Figures lookUps = new Figures("sparql-lookups", "ms", series, series.size(), what);
    Figures analytics = new Figures("sparql-analytics", "ms", series, series.size(), what);
    for (Question question : Question.ALL) {
      if (!names.isEmpty() && !names.contains(question.name())) {
        continue;
      }
      check(peers, question);
      List<Rounds.Work> works = new ArrayList<>();
      for (TriplePeer peer : peers) {
        works.add(() -> millis(peer, question));
      }
      (question.isLookUp() ? lookUps : analytics)
          .put(question.name(), Rounds.take(works, warmup, rounds));
    }
    lookUps.publish();
    System.out.println();
    analytics.publish();
  }

  private void check(List<TriplePeer> peers, Question question) throws Exception {
    for (int i = 0; i < (question.isLookUp() ? calls : 1); i++) {
      String text = question.text(i, products, people);
      List<String> ours = sorted(peers.get(0).rows(text));
      for (TriplePeer peer : peers.subList(1, peers.size())) {
        List<String> theirs = sorted(peer.rows(text));
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
    }
  }

  private static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }

  private double millis(TriplePeer peer, Question question) throws Exception {
    int times = question.isLookUp() ? calls : 1;
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
