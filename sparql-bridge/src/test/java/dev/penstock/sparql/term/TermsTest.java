package dev.penstock.sparql.term;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.jena.datatypes.RDFDatatype;
import org.apache.jena.datatypes.TypeMapper;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.sparql.expr.NodeValue;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

final class TermsTest {
  private static final String XSD = "http://www.w3.org/2001/XMLSchema#";

  private final Budget budget = Budget.root("test", 1 << 20);
  private final Dictionary store = new Dictionary(budget.open("store"));

  private static Node literal(String text, String type) {
    RDFDatatype datatype = TypeMapper.getInstance().getSafeTypeByName(XSD + type);
    return NodeFactory.createLiteralDT(text, datatype);
  }

  private static List<Node> terms() {
    List<Node> out = new ArrayList<>();
    String[] forms = {
      "0",
      "1",
      "-1",
      "01",
      "+1",
      "-0",
      "1.0",
      "1.50",
      "1.5",
      "-1.5",
      ".5",
      "1.",
      "1e0",
      "1.0e0",
      "0.0e0",
      "-0.0e0",
      "-1.0e0",
      "-2.5e0",
      "0.1e0",
      "1.0E0",
      "1.0e10",
      "NaN",
      "INF",
      "-INF",
      "true",
      "false",
      "1x",
      "",
      " 1",
      "576460752303423487",
      "576460752303423488",
      "-576460752303423488",
      "-576460752303423489",
      "99999999999999999999",
      "9007199254740991.5",
      "0.00000000000000000000001",
      "1E5",
      "2020-01-02",
      "2020-01-02Z",
      "2020-13-02",
      "0001-01-01",
      "-0001-01-01",
      "12020-01-01",
      "2020-01-02T03:04:05",
      "2020-01-02T03:04:05Z",
      "2020-01-02T03:04:00",
      "2020-01-02T03:04:05.5",
      "2020-01-02T03:04:05+01:00",
      "2020-01-02T24:00:00",
      "1969-12-31T23:59:59Z",
      "TRUE",
      "abc"
    };
    for (String type :
        List.of("integer", "decimal", "double", "boolean", "date", "dateTime", "string", "int")) {
      for (String form : forms) {
        out.add(literal(form, type));
      }
    }
    out.add(NodeFactory.createURI("http://x/a"));
    out.add(NodeFactory.createBlankNode("a"));
    out.add(NodeFactory.createLiteralLang("a", "en"));
    out.add(NodeFactory.createLiteralLang("a", "de"));
    out.add(NodeFactory.createLiteralString("a"));
    return out;
  }

  @Test
  void equalIdSameTerm() {
    try (Terms query = new Terms(store, 0, budget)) {
      Map<Long, Node> seen = new HashMap<>();
      for (Node term : terms()) {
        long id = query.encode(term);
        assertEquals(term, query.decode(id), () -> "of " + term);
        assertEquals(term.toString(), query.decode(id).toString());
        assertEquals(id, query.encode(term));
        Node other = seen.put(id, term);
        assertTrue(other == null || other.equals(term), () -> term + " has the id of " + other);
      }
    }
    store.close();
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void numbersAreInline() {
    for (Node n :
        List.of(
            literal("42", "integer"),
            literal("4.20", "decimal"),
            literal("-2.5e0", "double"),
            literal("true", "boolean"),
            literal("2020-01-02", "date"),
            literal("2020-01-02T03:04:05Z", "dateTime"))) {
      assertNotEquals(0, Inline.encode(n), () -> n + " should be inline");
    }
    assertEquals(0, Inline.encode(literal("042", "integer")));
    assertEquals(0, Inline.encode(literal("0.1e0", "double")));
  }

  @Test
  void inlineIdsAreInTheOrderOfValues() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      long a = random.nextLong() >> 5 + random.nextInt(58);
      long b = random.nextLong() >> 5 + random.nextInt(58);
      assertEquals(
          Long.compare(a, b),
          Long.signum(Long.compare(Inline.ofInteger(a), Inline.ofInteger(b))),
          "seed " + seed);
      double x = (random.nextInt(2000) - 1000) / 8.0;
      double y = (random.nextInt(2000) - 1000) / 8.0;
      long idX = Inline.encode(NodeValue.makeDouble(x).asNode());
      long idY = Inline.encode(NodeValue.makeDouble(y).asNode());
      assertTrue(idX != 0 && idY != 0);
      assertEquals(Double.compare(x, y), Long.signum(Long.compare(idX, idY)), "seed " + seed);
      assertEquals(x, Inline.doubleValue(idX));
    }
  }

  @Test
  void theStoresTermsComeFirstAsFarAsTheQueryKnowsThem() {
    Node a = NodeFactory.createURI("http://x/a");
    Node b = NodeFactory.createURI("http://x/b");
    long idOfA = Terms.add(store, a);
    int known = store.size();
    long idOfB = Terms.add(store, b);
    try (Terms query = new Terms(store, known, budget)) {
      assertEquals(idOfA, query.encode(a));
      assertNotEquals(idOfB, query.encode(b));
      assertEquals(b, query.decode(query.encode(b)));
    }
    store.truncate(known);
    assertEquals(idOfB, Terms.add(store, NodeFactory.createURI("http://x/c")));
  }

  @Test
  void termsAreReservedInTheBudget() {
    Budget small = Budget.root("small", 1000);
    try (Terms query = new Terms(store, 0, small)) {
      PenstockException e =
          Assertions.assertThrows(
              PenstockException.class,
              () -> {
                for (int i = 0; i < 100; i++) {
                  query.encode(NodeFactory.createURI("http://x/" + i));
                }
              });
      assertEquals(PenstockException.Category.LIMIT, e.category());
    }
    assertEquals(0, small.usedBytes());
  }
}
