package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.sparql.store.LoadProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SparqlCommandTest {
  private static final String NAMES =
      "PREFIX : <http://x/> SELECT ?n WHERE { ?s :name ?n } ORDER BY ?n";

  @TempDir Path folder;

  @BeforeEach
  void people() throws Exception {
    Files.writeString(
        folder.resolve("a.ttl"), "@prefix : <http://x/> . :a :name \"Ann\" ; :knows :b .");
    Files.writeString(folder.resolve("b.nt"), "<http://x/b> <http://x/name> \"Bo\" .\n");
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void dataIsAFileOrAFolderAndMoreFiles() {
    assertEquals(
        new Ran(0, "n\r\nAnn\r\n", ""),
        Ran.command("sparql", "-q", NAMES, "--data", file("a.ttl")));
    Ran both = new Ran(0, "n\r\nAnn\r\nBo\r\n", "");
    assertEquals(both, Ran.command("sparql", "-q", NAMES, "--data", folder.toString()));
    assertEquals(both, Ran.command("sparql", "-q", NAMES, file("a.ttl"), file("b.nt")));
    assertEquals(both, Ran.with(NAMES, false, "sparql", "--data", folder.toString()));
  }

  @Test
  void formatsGoByTheKindOfQuery() {
    String construct = "PREFIX : <http://x/> CONSTRUCT { ?o :knownBy ?s } { ?s :knows ?o }";
    assertEquals(
        new Ran(0, "<http://x/b> <http://x/knownBy> <http://x/a> .\n", ""),
        Ran.command("sparql", "-q", construct, "--data", file("a.ttl"), "--format", "ntriples"));
    assertEquals(
        new Ran(
            1,
            "",
            "penstock: csv does not hold the result of CONSTRUCT; it can be written as"
                + " turtle ntriples json xml\n"),
        Ran.command("sparql", "-q", construct, "--data", file("a.ttl"), "--format", "csv"));
  }

  @Test
  void errorsAreOneLine() throws Exception {
    Files.writeString(folder.resolve("bad.ttl"), "@prefix : <http://x/> .\n:a :b :c .\n:a :b ;;\n");
    Ran ran = Ran.command("sparql", "-q", NAMES, "--data", file("bad.ttl"));
    assertEquals(1, ran.code());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertEquals("", ran.out());
    assertEquals(
        new Ran(1, "", "penstock: SPARQL:1:9: got <EOF>\n"),
        Ran.command("sparql", "-q", "SELECT '", "--data", file("a.ttl")));
  }

  @Test
  void aStoreOnDisk() throws Exception {
    String store = folder.resolve("store").toString();
    assertEquals(
        new Ran(1, "", "penstock: there is no store in " + store + "; --load FILE makes one\n"),
        Ran.command("sparql", "-q", NAMES, "--store", store));
    assertEquals(
        new Ran(0, "", ""), Ran.command("sparql", "--store", store, "--load", file("a.ttl")));
    assertEquals(
        new Ran(0, "n\r\nAnn\r\nBo\r\n", ""),
        Ran.command("sparql", "-q", NAMES, "--store", store, "--load", file("b.nt")));
    assertEquals(
        new Ran(0, "n\r\nAnn\r\nBo\r\n", ""), Ran.command("sparql", "-q", NAMES, "--store", store));
    Files.writeString(folder.resolve("c.nt"), "oops\n<http://x/c> <http://x/name> \"Cy\" .\n");
    assertEquals(1, Ran.command("sparql", "--store", store, "--load", file("c.nt")).code());
    assertEquals(
        new Ran(0, "", "penstock: lines that could not be read and were left out: 1\n"),
        Ran.command("sparql", "--store", store, "--load", file("c.nt"), "--skip-bad"));
    assertEquals(
        new Ran(0, "n\r\nAnn\r\nBo\r\nCy\r\n", ""),
        Ran.command("sparql", "-q", NAMES, "--store", store));
    Ran both = Ran.command("sparql", "-q", NAMES, "--store", store, file("a.ttl"));
    assertEquals(2, both.code());
  }

  @Test
  void howFarALoadIs() {
    assertEquals(
        "2.5 s, reading 40 %, 1,234 triples; Ctrl-C cancels",
        LoadLine.text(
            new LoadProgress(LoadProgress.Phase.READ, 400, 1000, 1234, 0), 2_500_000_000L));
    assertEquals(
        "9.0 s, writing by object, 5 triples, 2 lines left out; Ctrl-C cancels",
        LoadLine.text(new LoadProgress(LoadProgress.Phase.OSP, 1000, 1000, 5, 2), 9_000_000_000L));
  }

  @Test
  void sqlAndPlansAskItToo() throws Exception {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(
        inner.resolve("people.ttl"),
        "@prefix : <http://x/> . :a :name 'Ann' ; :dept 1 . :b :name 'Bo' ; :dept 2 .");
    Files.writeString(inner.resolve("dept.csv"), "id,title\n1,Law\n2,Art\n");
    String names = "SELECT ?name ?dept { ?s <http://x/name> ?name ; <http://x/dept> ?dept }";
    String sql =
        "SELECT name, title FROM sparql('"
            + names
            + "') p JOIN dept ON p.dept = dept.id ORDER BY 1";
    assertEquals(
        new Ran(0, "name,title\nAnn,Law\nBo,Art\n", ""),
        Ran.command("sql", sql, "--data", inner.toString()));
    assertEquals(
        new Ran(0, "name\nAnn\nBo\n", ""),
        Ran.command(
            "-e",
            "(sort+ [name] (project+ [name] (sparql+ \"" + names + "\")))",
            "--data",
            inner.resolve("people.ttl").toString()));
    Files.delete(inner.resolve("people.ttl"));
    assertEquals(
        new Ran(1, "", "penstock: there are no files of RDF in " + inner + "\n"),
        Ran.command("sql", sql, "--data", inner.toString()));
  }

  @Test
  void aCatalogFileNamesTriples() throws Exception {
    String store = folder.resolve("facts.store").toString();
    Ran.command("sparql", "--store", store, "--load", file("a.ttl"));
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(inner.resolve("more.ttl"), "<http://x/m> <http://x/name> 'Mo' .");
    String catalog =
        Files.writeString(
                folder.resolve("c.edn"),
                "{:triples {facts \"facts.store\"\n both [\"a.ttl\" \"inner\"]\n default \"inner\"\n"
                    + " gone \"gone.ttl\"\n odd \"c.edn\"\n two [\"facts.store\" \"a.ttl\"]}}")
            .toString();
    String query = "'" + NAMES + "')";
    assertEquals(
        new Ran(0, "n\nAnn\n", ""),
        Ran.command("sql", "FROM sparql('Facts', " + query, "--catalog", catalog));
    assertEquals(
        new Ran(0, "n\nAnn\nMo\n", ""),
        Ran.command("sql", "FROM sparql('both', " + query + " ORDER BY 1", "--catalog", catalog));
    assertEquals(
        new Ran(0, "n\nMo\n", ""),
        Ran.command("sql", "FROM sparql(" + query, "--catalog", catalog));
    assertEquals(
        new Ran(0, "n\nAnn\n", ""),
        Ran.command("sql", "FROM sparql(" + query, "--catalog", catalog, "--data", file("a.ttl")));
    String place = "penstock: " + catalog;
    assertEquals(
        new Ran(
            1,
            "",
            place
                + ":4:2: triples gone: "
                + folder.resolve("gone.ttl")
                + ": no such file or folder\n"),
        Ran.command("sql", "FROM sparql('gone', " + query, "--catalog", catalog));
    assertEquals(
        new Ran(
            1,
            "",
            place
                + ":5:2: triples odd: expected a file of RDF, a folder of such files or a store on"
                + " disk, got "
                + catalog
                + "\n"),
        Ran.command("sql", "FROM sparql('odd', " + query, "--catalog", catalog));
    assertEquals(
        new Ran(
            1,
            "",
            place
                + ":6:2: triples two: a store on disk stands alone, got ["
                + store
                + ", "
                + folder.resolve("a.ttl")
                + "]\n"),
        Ran.command("sql", "FROM sparql('two', " + query, "--catalog", catalog));
    String one =
        Files.writeString(folder.resolve("one.edn"), "{:triples {x \"a.ttl\"}}").toString();
    assertEquals(
        new Ran(0, "n\nAnn\n", ""), Ran.command("sql", "FROM sparql(" + query, "--catalog", one));
  }
}
