package dev.penstock.sparql.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.term.Terms;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.GraphMemFactory;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.riot.Lang;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.core.DatasetGraphMapLink;
import org.apache.jena.sparql.core.Quad;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store does, wherever its triples lie. */
abstract class StoreContract {
  private static final String ALL = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }";

  Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
  @TempDir Path folder;
  TripleStore store;

  /** A new store. */
  abstract TripleStore made(Engine of);

  /** The same store, as somebody finds it who comes later. */
  abstract TripleStore later(TripleStore now);

  @BeforeEach
  void open() {
    store = made(engine);
  }

  @AfterEach
  void close() {
    store.close();
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  /** From now on the store has so much memory; triples beyond a part of it are sorted by a plan. */
  private void with(int megabytes) {
    close();
    long bytes = (long) megabytes << 20;
    engine = Engine.create(EngineOptions.defaults().withWorkers(2).withMemoryBytes(bytes));
    store = made(engine);
  }

  final List<String> rows(String query) {
    List<String> out = new ArrayList<>();
    try (SparqlResult result = new SparqlSession(store).execute(query)) {
      result.rows().forEach(r -> out.add(r.toString().replace("http://x/", ":")));
    }
    out.sort(null);
    return out;
  }

  final Path file(String name, String text) throws Exception {
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
  void aFileThatBreaksOffIsNotLoaded() throws Exception {
    StringBuilder turtle = new StringBuilder();
    StringBuilder json = new StringBuilder("[{\"@id\": \"http://x/s\", \"http://x/p\": [0");
    for (int i = 0; i < 50_000; i++) {
      turtle.append("<http://x/s> <http://x/p> ").append(i * 7919 % 50_000).append(" .\n");
      json.append(",\n").append(i * 7919 % 50_000);
    }
    Map<String, String> texts =
        Map.of(
            "cut.ttl.gz", turtle.toString(),
            "cut.trig.gz", turtle.toString(),
            "cut.nt.gz", turtle.toString().replaceAll("> ([0-9]+) ", "> \"$1\" "),
            "cut.jsonld.gz", json + "]}]");
    for (Map.Entry<String, String> text : texts.entrySet()) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (OutputStream out = new GZIPOutputStream(packed)) {
        out.write(text.getValue().getBytes(StandardCharsets.UTF_8));
      }
      Path file = folder.resolve(text.getKey());
      Files.write(file, Arrays.copyOf(packed.toByteArray(), packed.size() * 9 / 10));
      PenstockException e = assertThrows(PenstockException.class, () -> store.load(file));
      assertTrue(e.getMessage().contains("cannot read " + file), e.getMessage());
      assertEquals(List.of(), rows(ALL));
    }
  }

  /** In lines there is no base; what a relative IRI would be of the file, nobody can tell. */
  @Test
  void linesHaveAbsoluteIris() throws Exception {
    String good = "<http://x/a> <http://x/p> <urn:o> .\n";
    for (String bad :
        List.of(
            "<s> <http://x/p> 'o'",
            "<http://x/s> <#p> <http://x/o>",
            "<http://x/s> <http://x/p> <>",
            "<http://x/s> <http://x/p> <//x/o>",
            "<http://x/s> <http://x/p> \"1\"^^<integer>",
            "<http://x/s> <http://x/p> <http://x/o> </g>")) {
      String line = bad.replace('\'', '"');
      String iri = line.replaceFirst(".*<((?!http:)[^>]*)>.*", "$1");
      Path file = file("relative.nq", good + line + " .\n" + good);
      PenstockException e = assertThrows(PenstockException.class, () -> store.load(file));
      assertEquals(
          file
              + ":2: the IRI <"
              + iri
              + "> is relative; a line has absolute ones only; nothing was loaded",
          e.getMessage());
      LoadReport report = store.load(List.of(file), LoadOptions.defaults().withSkipBad(true));
      assertEquals(1, report.skipped());
      assertEquals(List.of("[:a, :p, urn:o, null]"), rows(ALL));
    }
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
    store = later(store);
    assertEquals(List.of("[:a, :p, \"1\"^^xsd:integer, null]"), rows(ALL));
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

  private static Node term(Random random, boolean any) {
    int n = random.nextInt(30);
    return switch (random.nextInt(any ? 8 : 2)) {
      case 0 -> NodeFactory.createURI("http://x/" + n);
      case 1 -> NodeFactory.createBlankNode("b" + n);
      case 2 -> NodeFactory.createLiteralString("text " + n + "\u20ac");
      case 3 -> NodeFactory.createLiteralLang("text " + n, n % 2 == 0 ? "en" : "de-CH");
      case 4 -> NodeFactory.createLiteralDT("" + (n - 15), XSDDatatype.XSDinteger);
      case 5 -> NodeFactory.createLiteralDT("0" + n, XSDDatatype.XSDinteger);
      case 6 -> NodeFactory.createLiteralDT("2024-01-" + (10 + n % 20), XSDDatatype.XSDdate);
      default -> NodeFactory.createLiteralDT(n + ".5", XSDDatatype.XSDdecimal);
    };
  }

  /** Random quads in some loads: each combination of known parts finds what Jena's graphs find. */
  @Test
  void findsWhatJenaFinds() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    DatasetGraph all =
        new DatasetGraphMapLink(name -> GraphMemFactory.createDefaultGraphSameTerm());
    for (int load = 0; load < 12; load++) {
      DatasetGraph some =
          new DatasetGraphMapLink(name -> GraphMemFactory.createDefaultGraphSameTerm());
      int n = random.nextInt(load == 5 ? 6000 : 300);
      for (int i = 0; i < n; i++) {
        Node g =
            random.nextInt(3) > 0
                ? Quad.defaultGraphIRI
                : NodeFactory.createURI("http://x/g" + random.nextInt(4));
        Node p = NodeFactory.createURI("http://x/p" + random.nextInt(5));
        some.add(new Quad(g, term(random, false), p, term(random, true)));
      }
      store.load(some);
      some.find().forEachRemaining(all::add);
    }
    store = later(store);
    assertEquals(all.stream().count(), store.state().size(), "seed " + seed);
    StoreState state = store.state();
    Terms terms = new Terms(state.dictionary(), state.terms(), engine.budget());
    for (int i = 0; i < 300; i++) {
      Node g = random.nextBoolean() ? Quad.defaultGraphIRI : NodeFactory.createURI("http://x/g1");
      Node s = random.nextBoolean() ? null : term(random, false);
      Node p =
          random.nextBoolean() ? null : NodeFactory.createURI("http://x/p" + random.nextInt(6));
      Node o = random.nextBoolean() ? null : term(random, true);
      TripleGraph graph =
          Quad.isDefaultGraph(g) ? state.defaultGraph() : state.graph(terms.encode(g));
      if (graph == null) {
        continue;
      }
      TripleGraph.Range range =
          graph.find(terms.encodeOrNull(s), terms.encodeOrNull(p), terms.encodeOrNull(o));
      List<String> actual = new ArrayList<>();
      long[] copied = new long[(int) range.size()];
      range.copy(2, 0, copied.length, copied);
      for (int k = 0; k < range.size(); k++) {
        assertEquals(copied[k], range.get(2, k));
        actual.add(
            terms.decode(range.get(0, k))
                + " "
                + terms.decode(range.get(1, k))
                + " "
                + terms.decode(range.get(2, k)));
      }
      List<String> expected = new ArrayList<>();
      all.find(g, any(s), any(p), any(o))
          .forEachRemaining(
              q -> expected.add(q.getSubject() + " " + q.getPredicate() + " " + q.getObject()));
      actual.sort(null);
      expected.sort(null);
      assertEquals(expected, actual, "seed " + seed);
      if (s == null && p != null && o == null && !expected.isEmpty()) {
        TripleGraph.Predicate figures = graph.predicate(terms.encode(p));
        assertEquals(
            new TripleGraph.Predicate(
                expected.size(),
                all.stream(g, Node.ANY, p, Node.ANY).map(Quad::getSubject).distinct().count(),
                all.stream(g, Node.ANY, p, Node.ANY).map(Quad::getObject).distinct().count()),
            figures,
            "seed " + seed);
      }
    }
    terms.close();
  }

  private static Node any(Node part) {
    return part == null ? Node.ANY : part;
  }

  /** In two loads that overlap: sorted in place, or by the engine. */
  @ParameterizedTest
  @ValueSource(ints = {1000, 16})
  void manyTriples(int megabytes) throws Exception {
    with(megabytes);
    int n = 100_000;
    Path one = file("one.nt", crossed(0, n));
    Path two = file("two.ttl", crossed(n / 2, n + n / 2));
    assertEquals(n, store.load(one).added());
    LoadReport second = store.load(two);
    assertEquals(n, second.read());
    assertEquals(n / 2, second.added());
    store = later(store);
    assertEquals(
        List.of("[\"150000\"^^xsd:integer, \"997\"^^xsd:integer, \"7\"^^xsd:integer]"),
        rows(
            "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ss) (COUNT(DISTINCT ?p) AS ?ps) { ?s ?p ?o }"));
    assertEquals(
        List.of("[:s356, \"41233\"^^xsd:integer]"),
        rows("SELECT ?s ?o { ?s <http://x/p3> ?o FILTER(?o > 41232 && ?o < 41239) }"));
    assertEquals(
        List.of("[\"151\"^^xsd:integer, \"149906\"^^xsd:integer]"),
        rows("SELECT (COUNT(?o) AS ?n) (MAX(?o) AS ?m) { <http://x/s356> ?p ?o }"));
    assertEquals(List.of("[:s356, :p3]"), rows("SELECT ?s ?p { ?s ?p 41233 }"));
  }

  /** Many triples of few terms. */
  private static String crossed(int from, int to) {
    StringBuilder out = new StringBuilder();
    for (int i = from; i < to; i++) {
      out.append("<http://x/s").append(i % 997).append("> <http://x/p").append(i % 7);
      out.append("> \"").append(i);
      out.append("\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n");
    }
    return out.toString();
  }

  static String lines(int from, int to) {
    StringBuilder out = new StringBuilder();
    for (int i = from; i < to; i++) {
      out.append("<http://x/s").append(i).append("> <http://x/p").append(i % 7);
      out.append("> \"text ").append(i).append("\" .\n");
    }
    return out.toString();
  }

  @Test
  void badLinesAreSkippedAndCounted() throws Exception {
    StringBuilder text = new StringBuilder("nonsense\n");
    for (int i = 0; i < 3000; i++) {
      text.append("<http://x/s> <http://x/p> \"").append(i).append("\" .\n");
      text.append(i % 100 == 0 ? "<http://x/s> <http://x/p> \"open .\n" : "");
    }
    Path bad = file("bad.nt", text + "<http://x/s> _:b <http://x/o> .");
    LoadReport report = store.load(List.of(bad), LoadOptions.defaults().withSkipBad(true));
    assertEquals(32, report.skipped());
    assertEquals(3000, report.read());
    assertEquals(3000, store.state().size());
    PenstockException e =
        assertThrows(
            PenstockException.class, () -> store.load(List.of(bad), LoadOptions.defaults()));
    assertTrue(e.getMessage().startsWith(bad + ":1:1: "), e.getMessage());
    Path open =
        file("open.nt", "<http://x/s> <http://x/p> \"a\" .\n<http://x/s> <http://x/p> \"b .\n");
    PenstockException behind = assertThrows(PenstockException.class, () -> store.load(open));
    assertTrue(behind.getMessage().startsWith(open + ":2: "), behind.getMessage());
    Path turtle = file("a.ttl", "");
    PenstockException not =
        assertThrows(
            PenstockException.class,
            () -> store.load(List.of(turtle), LoadOptions.defaults().withSkipBad(true)));
    assertEquals(
        "lines that cannot be read are skipped in .nt and .nq only, got " + turtle,
        not.getMessage());
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws Exception {
    String good = "<http://x/s> <http://x/p> \"é€𝒳\\uFFFD\uFFFD\" .\n";
    byte[][] none = {
      {(byte) 0xFF},
      {(byte) 0xC0, (byte) 0x80},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xE2, (byte) 0x82},
      {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {(byte) 0x80}
    };
    for (String name : List.of("a.nt", "a.nq", "a.ttl", "a.trig")) {
      for (byte[] bytes : none) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(good.getBytes(StandardCharsets.UTF_8));
        out.writeBytes("<http://x/s> <http://x/p> \"".getBytes(StandardCharsets.UTF_8));
        out.writeBytes(bytes);
        out.writeBytes("\" .\n".getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve(name), out.toByteArray());
        PenstockException e = assertThrows(PenstockException.class, () -> store.load(file));
        assertEquals(file + ":2: bytes that are no UTF-8; nothing was loaded", e.getMessage());
      }
    }
    LoadReport report =
        store.load(List.of(folder.resolve("a.nt")), LoadOptions.defaults().withSkipBad(true));
    assertEquals(1, report.skipped());
    assertEquals(List.of("[:s, :p, \"é€𝒳\\uFFFD\\uFFFD\", null]"), rows(ALL));
    Path cut = Files.write(folder.resolve("cut.ttl"), new byte[] {'#', (byte) 0xE2, (byte) 0x82});
    PenstockException e = assertThrows(PenstockException.class, () -> store.load(cut));
    assertEquals(cut + ":1: bytes that are no UTF-8; nothing was loaded", e.getMessage());
    Path gone = folder.resolve("gone.ttl");
    PenstockException no = assertThrows(PenstockException.class, () -> store.load(gone));
    assertEquals("cannot read " + gone + ": there is no such file", no.getMessage());
  }

  /** Blank nodes of a file that is cut into pieces, and the line of an error far behind. */
  @Test
  void piecesAreOneFile() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      text.append("_:b").append(i % 10).append(" <http://x/p> \"").append(i).append("\" .\n");
    }
    Path good = file("good.nt", text.toString());
    try (Engine small = Engine.create(EngineOptions.defaults().withMemoryBytes(24 << 20));
        TripleStore other = TripleStore.create(small)) {
      other.load(good);
      other.load(good);
      try (SparqlResult result =
          new SparqlSession(other).execute("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")) {
        assertEquals("[[\"20\"^^xsd:integer]]", result.rows().toString());
      }
      Path bad = file("bad.nt", text + "oops\n");
      PenstockException e = assertThrows(PenstockException.class, () -> other.load(bad));
      assertTrue(e.getMessage().startsWith(bad + ":30001:1: "), e.getMessage());
      assertEquals(60_000, other.state().size());
    }
  }

  /** Cancelled in each phase: nothing is left. */
  @ParameterizedTest
  @ValueSource(ints = {1000, 16})
  void aLoadIsCancelled(int megabytes) throws Exception {
    with(megabytes);
    store.load("<http://x/a> <http://x/p> 1 .", Lang.TURTLE);
    Path many = file("many.nt", crossed(0, 100_000));
    long used = engine.budget().usedBytes();
    for (LoadProgress.Phase phase : LoadProgress.Phase.values()) {
      if (phase == LoadProgress.Phase.DONE) {
        continue;
      }
      CancellationToken token = new CancellationToken();
      LoadOptions options =
          LoadOptions.defaults()
              .withToken(token)
              .withProgress(
                  p -> {
                    if (p.phase() == phase) {
                      token.cancel(CancellationToken.Reason.PERSON, "enough");
                    }
                  });
      PenstockException e =
          assertThrows(PenstockException.class, () -> store.load(List.of(many), options));
      assertEquals("enough", e.getMessage(), phase.toString());
      assertEquals(PenstockException.Category.CANCELLED, e.category());
      assertEquals(used, engine.budget().usedBytes(), phase.toString());
      assertEquals(1, store.state().size());
    }
    store = later(store);
    assertEquals(List.of("[:a, :p, \"1\"^^xsd:integer, null]"), rows(ALL));
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 16})
  void progressIsTold(int megabytes) throws Exception {
    with(megabytes);
    Path many = file("many.nt", crossed(0, 100_000));
    List<LoadProgress> told = new ArrayList<>();
    store.load(List.of(many), LoadOptions.defaults().withProgress(told::add));
    LoadProgress last = told.get(told.size() - 1);
    assertEquals(
        new LoadProgress(
            LoadProgress.Phase.DONE,
            java.nio.file.Files.size(many),
            java.nio.file.Files.size(many),
            100_000,
            0),
        last);
    assertEquals(
        Set.of(LoadProgress.Phase.values()),
        told.stream().map(LoadProgress::phase).collect(java.util.stream.Collectors.toSet()));
  }

  /** A graph without triples is there. */
  @Test
  void emptyGraphs() throws Exception {
    store.load(file("a.ttl", ""), "http://x/g");
    store.load("<http://x/a> <http://x/p> 1 .", Lang.TURTLE);
    store = later(store);
    assertEquals(List.of("[:g]"), rows("SELECT ?g { GRAPH ?g {} }"));
  }
}
