package dev.penstock.sparql.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.penstock.monitor.Budget;
import dev.penstock.sparql.term.Dictionary;
import dev.penstock.sparql.term.Terms;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.jena.datatypes.TypeMapper;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.sparql.expr.NodeValue;
import org.junit.jupiter.api.Test;

/** Keys that are made of ids are those of the terms. */
class KeysTest {
  private static final String XSD = "http://www.w3.org/2001/XMLSchema#";

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  private static Node literal(Object text, String type) {
    return NodeFactory.createLiteralDT(
        text.toString(), TypeMapper.getInstance().getSafeTypeByName(XSD + type));
  }

  private List<Node> terms() {
    List<Node> out = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      LocalDate day = LocalDate.ofEpochDay(random.nextInt(4_000_000) - 1_000_000);
      LocalDateTime time =
          LocalDateTime.ofEpochSecond(
              (random.nextLong() >> 25) - (random.nextLong() >> 27), 0, ZoneOffset.UTC);
      out.add(literal(day, "date"));
      out.add(literal(time + (time.getSecond() == 0 ? ":00" : ""), "dateTime"));
      out.add(literal(time + (time.getSecond() == 0 ? ":00" : "") + "Z", "dateTime"));
      out.add(literal(random.nextInt(1_000_000) - 500_000, "integer"));
      out.add(literal((random.nextInt(1_000_000) - 500_000) / 100, "decimal"));
      out.add(NodeValue.makeDouble((random.nextInt(1_000_000) - 500_000) / 64.0).asNode());
    }
    for (String day : List.of("0000-01-01", "0001-01-01", "9999-12-31", "1969-12-31")) {
      out.add(literal(day, "date"));
      out.add(literal(day + "T00:00:00", "dateTime"));
      out.add(literal(day + "T23:59:59Z", "dateTime"));
    }
    for (String number : List.of("0", "-1", "-0.0e0", "0.0e0", "1.0e10", "-2.5e-3")) {
      out.add(literal(number, number.contains("e") ? "double" : "integer"));
    }
    out.add(literal("true", "boolean"));
    out.add(NodeFactory.createLiteralString("a\0b"));
    out.add(NodeFactory.createLiteralString(""));
    out.add(NodeFactory.createLiteralLang("a", "en"));
    return out;
  }

  @Test
  void ofIdsAndOfTerms() {
    Budget budget = Budget.root("test", 1 << 26);
    int inline = 0;
    try (Dictionary store = new Dictionary(budget.open("terms"));
        Terms terms = new Terms(store, 0, budget)) {
      OrderKey order = new OrderKey(terms);
      ExtremeKey zoned = new ExtremeKey(terms, false);
      ExtremeKey zoneless = new ExtremeKey(terms, true);
      for (Node term : terms()) {
        long id = terms.encode(term);
        inline += OrderKey.ofInline(id) == null ? 0 : 1;
        assertArrayEquals(OrderKey.of(term), order.of(id), () -> "seed " + seed + ", " + term);
        if (SmallInteger.takes(id) || SmallDecimal.takes(id)) {
          continue;
        }
        assertArrayEquals(zoned.of(term), zoned.of(id), () -> "seed " + seed + ", " + term);
        assertArrayEquals(zoneless.of(term), zoneless.of(id), () -> "seed " + seed + ", " + term);
      }
    }
    assertNotEquals(0, inline);
  }
}
