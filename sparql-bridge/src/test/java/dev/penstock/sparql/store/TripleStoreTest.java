package dev.penstock.sparql.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TripleStoreTest {
  private static final String ALL = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }";

  private final Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
  private final TripleStore store = TripleStore.create(engine);
  @TempDir Path folder;

  @AfterEach
  void close() {
    store.close();
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  private List<String> rows(String query) {
    List<String> out = new ArrayList<>();
    try (SparqlResult result = new SparqlSession(store).execute(query)) {
      result.rows().forEach(r -> out.add(r.toString().replace("http://x/", ":")));
    }
    out.sort(null);
    return out;
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void formatsGoByTheEnding() throws Exception {
    store.load(file("a.ttl", "@prefix : <http://x/> . :a :p 1 ."));
    store.load(file("b.nt", "<http://x/b> <http://x/p> \"2\" .\n"));
    store.load(file("c.nq", "<http://x/c> <http://x/p> \"3\" <http://x/g> .\n"));
    store.load(file("d.trig", "@prefix : <http://x/> . :h { :d :p 4 } :d :q 4 ."));
    store.load(
        file(
            "e.rdf",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://x/'>"
                + "<rdf:Description rdf:about='http://x/e'><p>5</p></rdf:Description></rdf:RDF>"));
    store.load(file("f.jsonld", "{\"@id\": \"http://x/f\", \"http://x/p\": \"6\"}"));
    Path zipped = folder.resolve("g.ttl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write("<http://x/g> <http://x/p> 7 .".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    store.load(zipped, "http://x/named");
    assertEquals(
        List.of(
            "[:a, :p, \"1\"^^xsd:integer, null]",
            "[:b, :p, \"2\", null]",
            "[:c, :p, \"3\", :g]",
            "[:d, :p, \"4\"^^xsd:integer, :h]",
            "[:d, :q, \"4\"^^xsd:integer, null]",
            "[:e, :p, \"5\", null]",
            "[:f, :p, \"6\", null]",
            "[:g, :p, \"7\"^^xsd:integer, :named]"),
        rows(ALL));
  }

  @Test
  void whatIsWrongHasAPlaceAndLeavesNothing() throws Exception {
    store.load("<http://x/a> <http://x/p> 1 .", Lang.TURTLE);
    long used = engine.budget().usedBytes();
    int terms = store.state().dictionary().size();
    Path bad = file("bad.nt", "<http://x/b> <http://x/p> \"2\" .\n<http://x/b> oops \"2\" .\n");
    PenstockException e = assertThrows(PenstockException.class, () -> store.load(bad));
    assertEquals(
        bad + ":2:14: Expected IRI: Got: [KEYWORD:oops]; nothing was loaded", e.getMessage());
    assertEquals(PenstockException.Category.INCORRECT, e.category());
    assertEquals(List.of("[:a, :p, \"1\"^^xsd:integer, null]"), rows(ALL));
    assertEquals(used, engine.budget().usedBytes());
    assertEquals(terms, store.state().dictionary().size());
    PenstockException format =
        assertThrows(PenstockException.class, () -> store.load(folder.resolve("a.txt")));
    assertEquals(
        "expected a file of RDF that ends in .ttl .nt .nq .trig .rdf .jsonld (or these and .gz), got "
            + folder.resolve("a.txt"),
        format.getMessage());
  }

  @Test
  void aQuerySeesTheStoreAsItWas() {
    store.load("<http://x/a> <http://x/p> 1 .", Lang.TURTLE);
    try (SparqlResult before =
        new SparqlSession(store).execute("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")) {
      store.load("<http://x/a> <http://x/p> 2, 1 .", Lang.TURTLE);
      assertEquals("[[\"1\"^^xsd:integer]]", before.rows().toString());
    }
    assertEquals(List.of("[\"2\"^^xsd:integer]"), rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"));
    store.clear();
    assertEquals(List.of(), rows(ALL));
  }

  /** Every combination of known parts finds what a look at all triples finds. */
  @Test
  void rangesAreRight() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Triples triples = new Triples();
    Set<List<Long>> all = new java.util.HashSet<>();
    for (int i = 0; i < 3000; i++) {
      long s = random.nextInt(40) - 20L;
      long p = random.nextInt(5);
      long o = random.nextLong() >> random.nextInt(3) * 30 + 3;
      o = random.nextBoolean() ? o : random.nextInt(30);
      triples.add(s, p, o);
      all.add(List.of(s, p, o));
    }
    TripleGraph graph = TripleGraph.of(triples);
    assertEquals(all.size(), graph.size());
    for (int i = 0; i < 500; i++) {
      Long s = random.nextBoolean() ? null : (Long) (random.nextInt(42) - 21L);
      Long p = random.nextBoolean() ? null : (Long) (long) random.nextInt(6);
      Long o = random.nextBoolean() ? null : (Long) (long) random.nextInt(32);
      Set<String> expected = new TreeSet<>();
      for (List<Long> t : all) {
        if ((s == null || s.equals(t.get(0)))
            && (p == null || p.equals(t.get(1)))
            && (o == null || o.equals(t.get(2)))) {
          expected.add(t.toString());
        }
      }
      TripleGraph.Range range = graph.find(s, p, o);
      Set<String> actual = new TreeSet<>();
      for (int k = 0; k < range.size(); k++) {
        actual.add(List.of(range.get(0, k), range.get(1, k), range.get(2, k)).toString());
      }
      assertEquals(expected, actual, "seed " + seed);
      assertEquals(expected.size(), range.size(), "seed " + seed);
    }
  }

  @Test
  void aCapThatIsTooSmallForTheTriplesIsSaid() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("<http://x/s")
          .append(i)
          .append("> <http://x/p> <http://x/o")
          .append(i)
          .append("> .\n");
    }
    try (Engine small = Engine.create(EngineOptions.defaults().withMemoryBytes(1 << 20));
        TripleStore little = TripleStore.create(small)) {
      PenstockException e =
          assertThrows(PenstockException.class, () -> little.load(text.toString(), Lang.NTRIPLES));
      assertEquals(PenstockException.Category.LIMIT, e.category());
      assertEquals(0, little.state().size());
      assertTrue(small.budget().usedBytes() < 1000, () -> small.budget().usedBytes() + " bytes");
    }
  }
}
