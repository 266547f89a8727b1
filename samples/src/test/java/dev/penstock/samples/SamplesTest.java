package dev.penstock.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import clojure.lang.PersistentHashMap;
import clojure.lang.RT;
import clojure.lang.Var;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.SparqlTables;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.SqlSession;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs the samples and knows what they print. */
final class SamplesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static Engine engine() {
    return Engine.create(EngineOptions.defaults().withWorkers(2).withBaseDirectory(ROOT, true));
  }

  /** The rows of a plan file, as text. */
  private static List<String> rows(String file) throws Exception {
    try (Engine engine = engine();
        Result result = engine.run(engine.prepare(Files.readString(ROOT.resolve(file)), file))) {
      return result.rows().stream().map(Arrays::toString).toList();
    }
  }

  @Test
  void adultsByAgeAndByBirth() throws Exception {
    List<String> expected =
        List.of("[Ada, Research]", "[Björn, Sales]", "[Dana, Research]", "[Emeka, Health, Safety]");
    assertEquals(expected, rows("samples/people/adults.edn").stream().sorted().toList());
    assertEquals(expected, rows("samples/people/adults-by-birth.edn").stream().sorted().toList());
  }

  @Test
  void theAgeIsAskedWhileTheFileIsRead() throws Exception {
    String file = "samples/people/adults-by-birth.edn";
    try (Engine engine = engine()) {
      Prepared prepared = engine.prepare(Files.readString(ROOT.resolve(file)), file);
      assertTrue(
          prepared.rules().stream().anyMatch(r -> r.rule().equals("push-filter-below-join")),
          prepared.explain());
      assertTrue(
          prepared.rewritten().contains("{:filter (> (- (today) Birth) 7305)}"),
          prepared.rewritten());
    }
  }

  @Test
  void aCsvFileJoinedWithAParquetFile() throws Exception {
    assertEquals(
        List.of(
            "[Åsa Holm, Lund, 73, 3532.41]",
            "[Bruno Reis, Porto, 55, 2673.69]",
            "[Chandra, Inc., Pune, 23, 1168.96]"),
        rows("samples/shop/best-customers.edn"));
    assertTrue(Files.size(ROOT.resolve("samples/shop/orders.parquet")) < 50_000);
  }

  @Test
  void adultsInSparql() throws Exception {
    try (Engine engine = engine();
        TripleStore store = TripleStore.create(engine)) {
      store.load(ROOT.resolve("samples/people/people.ttl"));
      try (SparqlResult result =
          new SparqlSession(store)
              .execute(Files.readString(ROOT.resolve("samples/people/adults.rq")))) {
        assertEquals(
            "[[\"Ada\", \"Research\"], [\"Björn\", \"Sales\"], [\"Dana\", \"Research\"],"
                + " [\"Emeka\", \"Health, Safety\"]]",
            result.rows().toString());
      }
    }
  }

  @Test
  void sparqlWithinSql() throws Exception {
    try (Engine engine = engine();
        TripleStore store = TripleStore.create(engine)) {
      store.load(ROOT.resolve("samples/people/people.ttl"));
      SparqlTables.offer(store);
      DataFolder.addTo(engine, ROOT.resolve("samples/people"));
      try (Result result =
          new SqlSession(engine)
              .execute(Files.readString(ROOT.resolve("samples/people/reach.sql")))) {
        assertEquals(
            List.of(
                "[Björn, 5, Health, Safety, Research, Sales]",
                "[Ada, 4, Health, Safety, Research, Sales]",
                "[Chen, 4, Health, Safety, Research]",
                "[Fumiko, 4, Health, Safety, Research, Sales]",
                "[Dana, 1, Health, Safety]"),
            result.rows().stream().map(Arrays::toString).toList());
      }
    }
  }

  @Test
  void embeddingInJava() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Embedding.run(ROOT.resolve("samples"), new PrintStream(out, true, StandardCharsets.UTF_8));
    assertEquals(
        """
        Ada works in Research
        Björn works in Sales
        Dana works in Research
        Emeka works in Health, Safety
        columns: [DeptID int64, People int64, Cost float64]
        [1, 2, 105.0]
        [2, 2, 80.0]
        [3, 1, 45.0]
        INCORRECT unknown-column: question:1:13: unknown column Agee; did you mean Age?
        """,
        out.toString(StandardCharsets.UTF_8).replace("\r", ""));
  }

  @Test
  void embeddingSqlInJava() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EmbeddingSql.run(ROOT.resolve("samples"), new PrintStream(out, true, StandardCharsets.UTF_8));
    assertEquals(
        """
        Ada works in Research
        Björn works in Sales
        Dana works in Research
        3 rows
        1 rows
        2 rows
        [Gil, 4]
        [Chen, 7]
        [Emeka, 25]
        [Fumiko, 27]
        [Åsa Holm, Lund, 73, 3532.41]
        INCORRECT: line 1, column 34: no column 'Agee' in employees; did you mean Age?
        """,
        out.toString(StandardCharsets.UTF_8).replace("\r", ""));
  }

  @Test
  void embeddingInClojure() {
    IFn require = Clojure.var("clojure.core", "require");
    require.invoke(Clojure.read("dev.penstock.samples.embedding"));
    StringWriter out = new StringWriter();
    Var.pushThreadBindings(PersistentHashMap.create(RT.OUT, out));
    try {
      Clojure.var("dev.penstock.samples.embedding", "-main")
          .invoke(ROOT.resolve("samples").toString());
    } finally {
      Var.popThreadBindings();
    }
    assertEquals(
        """
        Ada works in Research
        Björn works in Sales
        Dana works in Research
        Emeka works in Health, Safety
        A Research
        B Sales
        D Research
        (filter+ (> Age 40) (join+ (table+ "people/empl.csv" [Name Age DeptID]) (table+ "people/dept.csv")))
        """,
        out.toString().replace("\r", ""));
  }
}
