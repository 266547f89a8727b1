package dev.penstock.sparql.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.monitor.Budget;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.term.Dictionary;
import dev.penstock.sparql.term.Terms;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.riot.RiotException;
import org.apache.jena.riot.lang.LabelToNode;
import org.apache.jena.riot.system.ErrorHandler;
import org.apache.jena.riot.system.StreamRDFBase;
import org.apache.jena.sparql.core.Quad;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jena's parser is the oracle. */
class PlainLinesTest {
  private static final UUID SEED = new UUID(1, 2);
  private static final LabelToNode LABELS = LabelToNode.createScopeByDocumentHash(SEED);

  private static final String[] IRIS = {
    "<http://x/a>",
    "<http://x/b#c>",
    "<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>",
    "<http://x/?q=1&r=(2)*3,4;5'6'!$~@+>",
    "<mailto:a@b.c>",
    "<a+b.c-d:e>",
    "<http://X.ORG:80/../a/./b>",
    "<http:x>",
    "<http:///x>",
    "<http://x:port/>",
    "<urn:x>",
    "<urn:-x:y>",
    "<did:a>",
    "<file:a>",
    "<file:///a>",
    "<http://user@x/>",
    "<tag:x,2020:y>"
  };
  private static final String[] ODD_IRIS = {
    "<>",
    "<x:>",
    "<a>",
    "<1:a>",
    "<:a>",
    "<http://x/%zz>",
    "<http://x/%20>",
    "<http://x/a b>",
    "<http://x/\u00e9>",
    "<http://x/\\u00e9>",
    "<http://x/\\u0020>",
    "<http://x/{}>",
    "<http://x/a",
    "<http://x/[a]>",
    "<http://x/^>",
    "<http://x/`>",
    "<http://x/|>",
    "<urn:x-arq:DefaultGraph>",
    "<urn:x-arq:DefaultGraphNode>"
  };
  private static final String[] BLANKS = {"_:a", "_:b1", "_:_x", "_:1"};
  private static final String[] ODD_BLANKS = {
    "_:", "_:a.", "_:a-b", "_:a.b", "_:-a", "_:\u00e9", "_a"
  };
  private static final String[] TEXTS = {
    "\"\"",
    "\"a\"",
    "\"a b\tc\"",
    "\"\u20ac and \ud83d\ude00\"",
    "\"\\t\\b\\n\\r\\f\\\"\\'\\\\\"",
    "\"\\u00e9\\U0001F600\\u0041\"",
    "\"a\"@en",
    "\"a\"@de-CH",
    "\"a\"^^<http://www.w3.org/2001/XMLSchema#string>",
    "\"07\"^^<http://www.w3.org/2001/XMLSchema#integer>",
    "\"7\"^^<http://www.w3.org/2001/XMLSchema#integer>",
    "\"x\"^^<http://www.w3.org/2001/XMLSchema#integer>",
    "\"1.50\"^^<http://www.w3.org/2001/XMLSchema#decimal>",
    "\"2024-02-29\"^^<http://www.w3.org/2001/XMLSchema#date>",
    "\"x\"^^<http://x/type>",
    "\"\u007f\u0080\u2028\ufeff\""
  };
  private static final String[] ODD_TEXTS = {
    "\"a",
    "a\"",
    "\"a\\x\"",
    "\"a\\",
    "\"\\u12\"",
    "\"\\uD800\"",
    "\"\\uD83D\\uDE00\"",
    "\"\\U00110000\"",
    "\"\\UFFFFFFFF\"",
    "\"\\u0000\"",
    "\"\\uFFFF\"",
    "\"\ufffd\"",
    "\"\uffff\"",
    "\"\u0001\"",
    "\"a\rb\"",
    "\"a\"@EN",
    "\"a\"@en-us",
    "\"a\"@de-Latn-ch-1996",
    "\"a\"@e",
    "\"a\"@",
    "\"a\"@toolonglang",
    "\"a\"@en--ltr",
    "\"a\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>",
    "\"<b/>\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>",
    "\"a\"^^<int>",
    "\"a\"^^x",
    "\"a\"^",
    "'a'",
    "7",
    "true",
    "<<( <http://x/a> <http://x/p> <http://x/b> )>>"
  };

  private final Random random;
  @TempDir Path folder;

  PlainLinesTest() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    this.random = new Random(seed);
  }

  private String one(String[] of) {
    return of[random.nextInt(of.length)];
  }

  /** A part of a line; one in so many is odd. */
  private String part(int k, int odd) {
    boolean isOdd = random.nextInt(odd) == 0;
    if (isOdd && random.nextInt(3) == 0) {
      return one(new String[] {"", ".", "#", one(TEXTS), one(BLANKS), "<http://x/a> ."});
    }
    int kind = k == 1 ? 0 : random.nextInt(k == 2 ? 3 : 2);
    return switch (kind) {
      case 0 -> one(isOdd ? ODD_IRIS : IRIS);
      case 1 -> one(isOdd ? ODD_BLANKS : BLANKS);
      default -> one(isOdd ? ODD_TEXTS : TEXTS);
    };
  }

  private String line(int odd) {
    if (random.nextInt(20) == 0) {
      return one(new String[] {"", "  ", "# nothing", "\t# <a> <b> <c> .", "\r"});
    }
    StringBuilder out = new StringBuilder(one(new String[] {"", "", " ", "\t"}));
    int parts = random.nextInt(3) == 0 ? 4 : 3;
    for (int k = 0; k < parts; k++) {
      out.append(part(k, odd)).append(one(new String[] {" ", " ", "  ", "\t"}));
    }
    String end = random.nextInt(odd) == 0 ? one(new String[] {"", "..", ", .", ". x"}) : ".";
    return out + end + one(new String[] {"", "", " ", " # why", "#", "\r"});
  }

  /** What Jena makes of a line; null: an error. */
  private static @Nullable List<Quad> byJena(String line, Lang lang) {
    List<Quad> out = new ArrayList<>();
    try {
      RDFParser.fromString(line, lang)
          .labelToNode(LabelToNode.createScopeByDocumentHash(SEED))
          .errorHandler(new Errors())
          .parse(
              new StreamRDFBase() {
                @Override
                public void triple(Triple t) {
                  out.add(new Quad(Quad.defaultGraphIRI, t));
                }

                @Override
                public void quad(Quad q) {
                  out.add(q.isDefaultGraph() ? new Quad(Quad.defaultGraphIRI, q.asTriple()) : q);
                }
              });
      return out.stream().allMatch(PlainLinesTest::isAbsolute) ? out : null;
    } catch (RiotException e) {
      return null;
    }
  }

  /** Jena takes relative IRIs in lines for what they are. */
  private static boolean isAbsolute(Quad q) {
    return Stream.of(q.getGraph(), q.getSubject(), q.getPredicate(), q.getObject())
        .map(t -> t.isURI() ? t.getURI() : t.isLiteral() ? t.getLiteralDatatypeURI() : "a:")
        .allMatch(iri -> iri.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*"));
  }

  /** As a load takes them: warnings are none. */
  private static final class Errors implements ErrorHandler {
    @Override
    public void warning(String message, long line, long column) {
      // kept as it is written
    }

    @Override
    public void error(String message, long line, long column) {
      throw new RiotException(message);
    }

    @Override
    public void fatal(String message, long line, long column) {
      throw new RiotException(message);
    }
  }

  private static List<Quad> quads(Chunk chunk) {
    Budget budget = Budget.root("test", 1 << 30);
    Dictionary dictionary = new Dictionary(budget.open("terms"));
    chunk.resolve(t -> Terms.add(dictionary, t));
    Terms terms = new Terms(dictionary, Integer.MAX_VALUE, budget);
    List<Quad> out = new ArrayList<>();
    for (int i = 0; i < chunk.rows; i++) {
      Node g = chunk.hasGraph(i) ? terms.decode(chunk.id(i, 0)) : Quad.defaultGraphIRI;
      out.add(
          new Quad(
              g,
              terms.decode(chunk.id(i, 1)),
              terms.decode(chunk.id(i, 2)),
              terms.decode(chunk.id(i, 3))));
    }
    return out;
  }

  /** What is taken is what Jena takes, and the same. */
  @Test
  void whatIsTakenIsWhatJenaReads() {
    int taken = 0;
    int n = 20_000;
    for (int i = 0; i < n; i++) {
      String line = line(6);
      Lang lang = random.nextBoolean() ? Lang.NQUADS : Lang.NTRIPLES;
      PlainLines plain = new PlainLines(LABELS, lang.equals(Lang.NQUADS));
      Chunk chunk = new Chunk();
      byte[] bytes = (line + (random.nextBoolean() ? "\n" : "")).getBytes(StandardCharsets.UTF_8);
      int next = plain.line(bytes, 0, bytes.length, chunk);
      if (next == PlainLines.ODD) {
        assertEquals(0, chunk.rows, line);
        continue;
      }
      taken++;
      assertEquals(bytes.length, next, line);
      assertEquals(byJena(line, lang), quads(chunk), line);
    }
    assertTrue(taken > n / 4, taken + " lines");
  }

  @Test
  void nothingPlainIsLeftOut() {
    for (String iri : IRIS) {
      for (String text : TEXTS) {
        byte[] line = (iri + " " + iri + " " + text + " .\n").getBytes(StandardCharsets.UTF_8);
        assertNotEquals(
            PlainLines.ODD,
            new PlainLines(LABELS, false).line(line, 0, line.length, new Chunk()),
            iri + " " + text);
      }
    }
  }

  /** A file of plain, odd and bad lines: what is there of it is what Jena reads line by line. */
  @Test
  void aFileIsWhatItsLinesAre() throws Exception {
    StringBuilder text = new StringBuilder();
    Collection<String> expected = new TreeSet<>();
    long bad = 0;
    for (int i = 0; i < 6000; i++) {
      String line = line(i / 1000 % 2 == 0 ? 200 : 4);
      if (line.contains("\r") || line.contains("<<(")) {
        continue; // a return within a line is an end for Jena; triples within triples are refused
      }
      text.append(line).append('\n');
      List<Quad> quads = byJena(line, Lang.NQUADS);
      if (quads == null) {
        bad++;
      } else {
        quads.forEach(q -> expected.add(shown(q.getGraph(), q.asTriple())));
      }
    }
    Path file = Files.writeString(folder.resolve("a.nq"), text);
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
        TripleStore store = TripleStore.create(engine)) {
      LoadReport report = store.load(List.of(file), LoadOptions.defaults().withSkipBad(true));
      assertEquals(bad, report.skipped());
      Collection<String> actual = new TreeSet<>();
      try (SparqlResult all =
          new SparqlSession(store)
              .execute("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")) {
        for (List<@Nullable Node> r = all.next(); r != null; r = all.next()) {
          Node g = r.get(3) == null ? Quad.defaultGraphIRI : r.get(3);
          actual.add(shown(g, Triple.create(r.get(0), r.get(1), r.get(2))));
        }
      }
      assertEquals(expected, actual);
    }
  }

  private static String shown(Node graph, Triple t) {
    return (graph + " " + t).replaceAll("_:[^ ]*|\\b[0-9a-f]{32}\\b", "_:");
  }
}
