package dev.penstock.sparql.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Aggregates and IN over random mixes of terms are Jena's. The numbers are such that their sums are
 * exact in any order. {@code -Dpenstock.sparql.seed=N} for one case.
 */
@Timeout(600)
final class MixesTest {
  private static final Engine ENGINE = Engine.create(EngineOptions.defaults().withWorkers(2));
  private static final int CASES = 400 / Integer.getInteger("penstock.test.fewer", 1);

  private static final String PREFIXES =
      "PREFIX : <http://x/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> ";

  /** What a case may have, one kind or a few at a time. */
  private static final String[][] KINDS = {
    {"0", "1", "-7", "2147483647", "-2147483647", "65536"},
    {"2147483648", "-9223372036854775808", "123456789012345678901234567890", "01", "+1"},
    {"\"3\"^^xsd:byte", "\"9\"^^xsd:unsignedInt", "\"03\"^^xsd:short"},
    {"1.5", "-2.25", "0.0", "1.50", "100.125", "-0.5"},
    {"01.5", "0.00000000000000000000000000001", "12345678901234567890.5"},
    {"1e0", "1.0e0", "2.5e0", "-0.5e0", "1.0e10"},
    {"1.0E0", "1E0", "001e0", "0e0", "-0e0", "-0.0E0", "0.0E0"},
    {"\"NaN\"^^xsd:double", "\"INF\"^^xsd:double", "\"-INF\"^^xsd:double", "1e1"},
    {"\"1.5\"^^xsd:float", "\"-0.25\"^^xsd:float", "\"1E0\"^^xsd:float", "\"NaN\"^^xsd:float"},
    {"\"a\"", "\"b\"", "\"\"", "\"10\"", "\"é\"", "\"a b\"", "\"x\"^^xsd:token"},
    {"\"a\"@en", "\"a\"@fr", "\"b\"@en", "\"0\"@nl", "\"z\"@en-GB", "\"a\"@EN-gb"},
    {"true", "false", "\"1\"^^xsd:boolean", "\"0\"^^xsd:boolean"},
    {
      "\"2020-01-02T03:04:05Z\"^^xsd:dateTime",
      "\"2020-01-02T03:04:05.5Z\"^^xsd:dateTime",
      "\"2020-01-02T05:04:05+02:00\"^^xsd:dateTime",
      "\"2020-01-01T23:00:00-05:00\"^^xsd:dateTime",
      "\"2020-01-01T24:00:00Z\"^^xsd:dateTime",
      "\"-0044-03-15T12:00:00Z\"^^xsd:dateTime",
      "\"1999999999-01-01T00:00:00Z\"^^xsd:dateTime"
    },
    {
      "\"2020-01-02T03:04:05\"^^xsd:dateTime",
      "\"2019-12-31T23:59:59.999\"^^xsd:dateTime",
      "\"2020-01-02T03:04:05.0\"^^xsd:dateTime"
    },
    {
      "\"2020-01-02\"^^xsd:date",
      "\"2019-12-31\"^^xsd:date",
      "\"2000000000-01-01\"^^xsd:date",
      "\"1000000000-01-01\"^^xsd:date",
      "\"999999999-06-01\"^^xsd:date"
    },
    {
      "\"2020-01-02Z\"^^xsd:date",
      "\"2020-01-02+14:00\"^^xsd:date",
      "\"2020-01-01-14:00\"^^xsd:date"
    },
    {"\"10:00:00Z\"^^xsd:time", "\"09:00:00Z\"^^xsd:time"},
    {"\"PT9H\"^^xsd:duration", "\"PT10H\"^^xsd:duration", "\"P1D\"^^xsd:dayTimeDuration"},
    {"\"2020\"^^xsd:gYear", "\"-0001\"^^xsd:gYear", "\"--05\"^^xsd:gMonth"},
    {":a", ":b", "<http://x/é>", "<urn:z>"},
    {"_:a", "_:b"},
    {"\"z\"^^:t", "\"a\"^^:u", "\"a\"^^:t", "\"abc\"^^xsd:integer", "\"x\"^^xsd:double"},
  };

  /** Of these there is one at most in a case: Jena's order among them is not one. */
  private static final List<Integer> TIMES = List.of(12, 13, 14, 15, 17, 18);

  /** Sums of these are exact, but not together with those of more digits. */
  private static final List<Integer> DOUBLES = List.of(5, 6, 7, 8);

  private static final int FLOATS = 8;
  private static final List<Integer> LONG = List.of(1, 4);

  private static final String[] QUERIES = {
    "SELECT ?s (MIN(?v) AS ?a) (MAX(?v) AS ?b) { ?s ?p ?v } GROUP BY ?s",
    "SELECT (MIN(?v) AS ?a) (MAX(?v) AS ?b) { ?s :p ?v }",
    "SELECT (MIN(DISTINCT ?v) AS ?a) (MAX(DISTINCT ?v) AS ?b) { ?s ?p ?v }",
    "SELECT ?s (MIN(?v) AS ?a) { ?s ?p ?x OPTIONAL { ?s :q ?v } } GROUP BY ?s",
    "SELECT (MAX(?v + 1) AS ?a) (MIN(?v * 2) AS ?b) { ?s :p ?v }",
    "SELECT ?s (SUM(?v) AS ?a) (AVG(?v) AS ?b) { ?s ?p ?v } GROUP BY ?s",
    "SELECT (SUM(?v) AS ?a) (AVG(?v) AS ?b) (COUNT(?v) AS ?c) { ?s :p ?v }",
    "SELECT (SUM(DISTINCT ?v) AS ?a) (AVG(DISTINCT ?v) AS ?b) { ?s ?p ?v }",
    "SELECT ?s (SUM(?v) AS ?a) { ?s ?p ?x OPTIONAL { ?s :q ?v } } GROUP BY ?s",
    "SELECT (SUM(?v * 2) AS ?a) (AVG(?v + 1) AS ?b) { ?s :p ?v FILTER (isNumeric(?v)) }",
    "SELECT (SUM(?v) AS ?a) (MIN(?v) AS ?b) (AVG(?v) AS ?c) { ?s :none ?v }",
    "SELECT ?s (SUM(?v) AS ?a) (AVG(?v) AS ?b) { ?s ?p ?v FILTER (isNumeric(?v)) } GROUP BY ?s",
    "SELECT ?v (?v < 2 || ?v = \"a\" AS ?a) (!(?v > 1) AS ?b) (?v != 1.5 AS ?c) { ?s ?p ?v }",
  };

  private static final String[] LISTS = {
    "1, 1.5, 2.5e0, \"a\", \"10\", :a, <urn:z>, 123",
    "-2.25, 1.0e0, \"x\", \"abc\"",
    ":a, :b",
    "\"2020-01-02\"^^xsd:date, \"a\"@FR, 1",
    "\"2020-01-02T03:04:05Z\"^^xsd:dateTime, 100.125",
    "\"2020-01-02T03:04:05\"^^xsd:dateTime, \"b\"",
    "\"b\"@en, \"z\"@en-gb, \"a\"@EN-GB, :a",
    "\"a\"@en, true, \"2020-01-02\"^^xsd:date, 1.0E0, 01",
    "?x, 1",
    "",
  };

  @AfterAll
  static void close() {
    ENGINE.close();
  }

  @Test
  void membershipIsJenas() {
    StringBuilder data = new StringBuilder(PREFIXES);
    terms().forEach(term -> data.append(":s :p ").append(term).append(" .\n"));
    for (String list : LISTS) {
      for (String in : List.of(" IN (", " NOT IN (")) {
        String test = "?v" + in + list + ")";
        assertSame(data.toString(), "SELECT ?v { ?s :p ?v FILTER (" + test + ") }");
        assertSame(data.toString(), "SELECT ?v (" + test + " AS ?a) { ?s :p ?v }");
      }
    }
    assertSame(
        data.toString(), "SELECT (?v IN (1, :a) AS ?a) { ?s :p ?x OPTIONAL { ?s :q ?v } } LIMIT 1");
  }

  @Test
  void extremesAndSumsOfTwo() {
    List<String> all = terms();
    for (int i = 0; i < all.size(); i++) {
      StringBuilder data = new StringBuilder(PREFIXES);
      for (int k = i; k < all.size(); k++) {
        data.append(":s").append(k).append(" :p ").append(all.get(i)).append(" .\n");
        data.append(":s").append(k).append(" :p ").append(all.get(k)).append(" .\n");
      }
      assertSame(
          data.toString(),
          "SELECT ?s (MIN(?v) AS ?a) (MAX(?v) AS ?b) (SUM(?v) AS ?c) (AVG(?v) AS ?d)"
              + " (SUM(DISTINCT ?v) AS ?e) (MAX(DISTINCT ?v) AS ?f) { ?s :p ?v } GROUP BY ?s");
    }
  }

  private static List<String> terms() {
    return Stream.of(KINDS).flatMap(Stream::of).toList();
  }

  private static void assertSame(String data, String query) {
    String text = PREFIXES + query;
    assertEquals(
        null,
        ArqTest.difference(ENGINE, data, Objects.requireNonNull(ArqTest.parsed(text)), text),
        text);
  }

  @Test
  void sameAsJena() {
    Long only = Long.getLong("penstock.sparql.seed");
    List<String> wrong = new ArrayList<>();
    for (long seed = only == null ? 1 : only; seed <= (only == null ? CASES : only); seed++) {
      Random random = new Random(seed);
      String data = data(random);
      String text = PREFIXES + QUERIES[random.nextInt(QUERIES.length)];
      String difference =
          ArqTest.difference(ENGINE, data, Objects.requireNonNull(ArqTest.parsed(text)), text);
      if (difference != null && wrong.size() < 8) {
        wrong.add("seed " + seed + "\n" + data + text + "\n" + difference);
      }
    }
    assertEquals("", String.join("\n\n", wrong));
  }

  private static String data(Random random) {
    List<Integer> kinds = new ArrayList<>();
    boolean numbers = random.nextBoolean();
    boolean hasTime = false;
    for (int k = random.nextInt(4); k >= 0; k--) {
      int kind = random.nextInt(numbers ? 9 : KINDS.length);
      if (!TIMES.contains(kind) || !hasTime) {
        kinds.add(kind);
      }
      hasTime |= TIMES.contains(kind);
    }
    if (kinds.stream().anyMatch(DOUBLES::contains)) {
      kinds.removeIf(LONG::contains);
    }
    if (kinds.contains(FLOATS)) {
      kinds.removeIf(kind -> kind == 0);
    }
    StringBuilder out = new StringBuilder(PREFIXES);
    for (int n = random.nextInt(12); n >= 0; n--) {
      String[] terms = KINDS[kinds.get(random.nextInt(kinds.size()))];
      out.append(":s").append(random.nextInt(3));
      out.append(random.nextInt(3) == 0 ? " :q " : " :p ");
      out.append(terms[random.nextInt(terms.length)]).append(" .\n");
    }
    return out.toString();
  }
}
