package dev.penstock.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables by a catalog file, and by a folder. */
final class CatalogFileTest {
  @TempDir Path folder;
  private Engine engine;
  private SqlSession sql;
  private Path file;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectories(folder.resolve("data/orders"));
    Files.writeString(folder.resolve("data/people.csv"), "id;name\n1;Ann\n2;Bo\n");
    Files.writeString(folder.resolve("data/orders/a.csv"), "id,n\n1,7\n");
    Files.writeString(folder.resolve("data/orders/b.csv"), "id,n\n1,8\n");
    engine =
        Engine.create(EngineOptions.defaults().withWorkers(2).withBaseDirectory(folder, false));
    sql = new SqlSession(engine);
    file = folder.resolve("data/penstock.edn");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void load(String text) throws Exception {
    Files.writeString(file, text);
    CatalogFile.load(file, sql);
  }

  private List<String> rows(String query) {
    try (Result result = sql.execute(query)) {
      return result.rows().stream().map(Arrays::toString).toList();
    }
  }

  private String fails(String text) {
    return String.valueOf(assertThrows(PenstockException.class, () -> load(text)).getMessage())
        .replace(file.toString(), "FILE");
  }

  @Test
  void tablesViewsAndSettings() throws Exception {
    load(
        """
        {:tables {orders "orders/*.csv"
                  people {:path "people.csv" :delimiter ";" :keys [[id]]}
                  "my people" "./people.csv"
                  r {:path tpch/region :sf 0.01}}
         :views {bought "SELECT name, sum(n) AS n FROM people JOIN orders USING (id) GROUP BY name"}
         :settings {integer_division true}}
        """);
    assertEquals(List.of("[Ann, 15]"), rows("FROM bought"));
    assertEquals(List.of("[2]"), rows("SELECT count(*) FROM \"my people\""));
    assertEquals(List.of("[5]"), rows("SELECT count(*) FROM R"));
    assertEquals(List.of("[3]"), rows("SELECT 7 / 2"));
    assertEquals(
        List.of("[bought]", "[my people]", "[orders]", "[people]", "[r]"), rows("SHOW TABLES"));
    Files.writeString(folder.resolve("data/orders/c.csv"), "id,n\n2,1\n");
    assertEquals(List.of("[Ann, 15]", "[Bo, 1]"), rows("FROM bought ORDER BY name"));
  }

  @Test
  void everyMistakeHasItsPlace() throws Exception {
    assertEquals(
        "FILE:2:3: table t: expected a path, or a map with :path, got {:pat \"x.csv\"}",
        fails("{:tables {\n  t {:pat \"x.csv\"}}}"));
    assertEquals(
        "FILE:1:1: unknown key :table; did you mean tables? (there are :tables, :views, :triples, :settings)",
        fails("{:table {}}"));
    assertEquals("FILE:1:1: :tables expects a map, got [a]", fails("{:tables [a]}"));
    assertEquals("FILE:1:10: view v: expected a query in quotes, got 3", fails("{:views {v 3}}"));
    assertEquals(
        "FILE:1:12: triples t: expected a path, or [path ...], got {:path \"x.ttl\"}",
        fails("{:triples {t {:path \"x.ttl\"}}}"));
    assertEquals(
        "FILE:1:12: triples t: expected a path, or [path ...], got []", fails("{:triples {t []}}"));
    assertEquals(
        "FILE:1:13: no setting 'integer' (there is default_null_order, idle_timeout,"
            + " integer_division, memory_limit, priority, queue_timeout,"
            + " set_operations_left_to_right, statement_timeout)",
        fails("{:settings {integer 3}}"));
    assertEquals(
        "FILE:1:1: expected a map like {:tables {people \"people.csv\"}}, got [1]", fails("[1]"));
    assertEquals(
        "FILE:1:1: expected a } that closes this {, got the end of the text", fails("{:tables"));
    assertEquals(
        "FILE:1:10: #= is not read: a plan is data, nothing in it is evaluated",
        fails("{:tables #=(eval 1)}"));
    load("{:tables {\n gone \"gone.csv\"}}");
    assertEquals(
        file + ":2:2: data/gone.csv: no such file or folder",
        assertThrows(PenstockException.class, () -> rows("FROM gone")).getMessage());
    Path nix = folder.resolve("nix.edn");
    assertEquals(
        nix + ": no such file",
        assertThrows(PenstockException.class, () -> CatalogFile.load(nix, sql)).getMessage());
  }

  @Test
  void triplesAreForWhoeverKnowsThem() throws Exception {
    Files.writeString(
        file, "{:triples {Staff [\"staff.ttl\" \"/abs/more.nt\"]\n facts \"../facts.store\"}}");
    assertEquals(
        List.of(
            new NamedTriples("facts", List.of(folder.resolve("facts.store")), file + ":2:2"),
            new NamedTriples(
                "staff",
                List.of(folder.resolve("data/staff.ttl"), Path.of("/abs/more.nt")),
                file + ":1:12")),
        CatalogFile.load(file, sql));
    assertEquals(
        "no triples are named 'stuff'; a catalog file names them: {:triples {name \"file.ttl\"}}",
        assertThrows(PenstockException.class, () -> rows("FROM sparql('stuff', 'ASK {}')"))
            .getMessage());
  }

  @Test
  void aFolderIsACatalog() throws Exception {
    Path data = folder.resolve("data");
    Files.writeString(data.resolve("both.csv"), "a\n1\n");
    Files.writeString(data.resolve("both.json"), "{\"a\":2}\n");
    Files.writeString(data.resolve("note.txt"), "no table");
    Files.createDirectories(data.resolve("empty"));
    DataFolder.addTo(engine, data);
    assertEquals(List.of("[both.csv]", "[both.json]", "[orders]", "[people]"), rows("SHOW TABLES"));
    assertEquals(List.of("[1]"), rows("FROM \"both.csv\""));
    assertEquals(List.of("[2]"), rows("FROM \"both.json\""));
    assertEquals(List.of("[15]"), rows("SELECT sum(n) FROM Orders"));
    assertEquals(
        "line 1, column 6: no table 'both'; did you mean both.csv?",
        assertThrows(PenstockException.class, () -> rows("FROM both")).getMessage());
  }
}
