package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
