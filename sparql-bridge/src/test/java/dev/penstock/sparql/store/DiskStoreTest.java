package dev.penstock.sparql.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.Test;

final class DiskStoreTest extends StoreContract {
  private static final String ALL = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }";

  private Path place() {
    return folder.resolve("store");
  }

  @Override
  TripleStore made(Engine of) {
    return TripleStore.open(of, place());
  }

  @Override
  TripleStore later(TripleStore now) {
    now.close();
    return TripleStore.open(engine, place());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(place())) {
      return all.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void filesAreThoseOfOneVersion() throws Exception {
    store.load("<http://x/a> <http://x/p> <http://x/b> .", Lang.TURTLE);
    assertEquals(
        List.of("MANIFEST", "lock", "v1-osp.run", "v1-pos.run", "v1-spo.run", "v1.terms"), files());
    store.load("<http://x/a> <http://x/p> <http://x/c> .", Lang.TURTLE);
    assertEquals(
        List.of(
            "MANIFEST", "lock", "v1.terms", "v2-osp.run", "v2-pos.run", "v2-spo.run", "v2.terms"),
        files());
    store.clear();
    assertEquals(List.of("MANIFEST", "lock", "v3-osp.run", "v3-pos.run", "v3-spo.run"), files());
    store = later(store);
    assertEquals(List.of(), rows(ALL));
  }

  @Test
  void twoWriters() {
    store.load("<http://x/a> <http://x/p> <http://x/b> .", Lang.TURTLE);
    StoreFolder.Lock lock = new StoreFolder(place()).new Lock();
    try (TripleStore other = TripleStore.open(engine, place())) {
      PenstockException e =
          assertThrows(
              PenstockException.class, () -> other.load("<http://x/a> a 2 .", Lang.TURTLE));
      assertEquals(
          "the store "
              + place()
              + " is being written by somebody else; try again when that has ended",
          e.getMessage());
      lock.close();
      other.load("<http://x/a> a 2 .", Lang.TURTLE);
      assertEquals(1, store.state().size()); // who had it open keeps the version
      store.load("<http://x/a> a 3 .", Lang.TURTLE); // builds on the present one
      assertEquals(3, store.state().size());
    }
  }

  @Test
  void foldersOfOthers() throws Exception {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve("notes.txt"), "mine");
    PenstockException e =
        assertThrows(PenstockException.class, () -> TripleStore.open(engine, other));
    assertEquals(
        "expected the folder of a triple store, or an empty one, got " + other + " with notes.txt",
        e.getMessage());
    PenstockException file =
        assertThrows(
            PenstockException.class, () -> TripleStore.open(engine, other.resolve("notes.txt")));
    assertEquals(
        "expected the folder of a triple store, got the file " + other.resolve("notes.txt"),
        file.getMessage());
  }

  /** Files of a load that died are not seen, and go with the next one. */
  @Test
  void whatDied() throws Exception {
    store.load("<http://x/a> <http://x/p> <http://x/b> .", Lang.TURTLE);
    for (String left : List.of("v2-spo.run", "v2-new.run", "v2.terms", "v2.terms-3.tmp")) {
      Files.writeString(place().resolve(left), "half");
    }
    Files.writeString(place().resolve("MANIFEST.tmp"), "penstock");
    store = later(store);
    assertEquals(List.of("[:a, :p, :b, null]"), rows(ALL));
    store.load("<http://x/a> <http://x/p> <http://x/c> .", Lang.TURTLE);
    assertEquals(List.of("[:a, :p, :b, null]", "[:a, :p, :c, null]"), rows(ALL));
    assertEquals(7, files().size());
  }

  /**
   * A process that dies in a load leaves the store as it was, and the next load goes. {@code
   * -Dpenstock.sparql.deaths=READ,SPO,POS,OSP} for other moments.
   */
  @Test
  void aProcessThatDies() throws Exception {
    store.load("<http://x/a> <http://x/p> <http://x/b> .", Lang.TURTLE);
    List<String> before = files();
    Path many = file("many.nt", lines(0, 40_000));
    for (String phase : System.getProperty("penstock.sparql.deaths", "OSP").split(",")) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  DyingLoad.class.getName(),
                  place().toString(),
                  many.toString(),
                  phase)
              .redirectErrorStream(true)
              .start();
      String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(DyingLoad.CODE, child.waitFor(), said);
      assertTrue(files().size() > before.size(), files().toString());
      store = later(store);
      assertEquals(List.of("[:a, :p, :b, null]"), rows(ALL));
    }
    store.load(many);
    assertEquals(before.size() + 1, files().size(), files().toString());
    store = later(store);
    assertEquals(40_001, store.state().size());
  }

  /** A file that is missing, cut, longer, of another store: one line, when it is opened. */
  @Test
  void wrongFiles() throws Exception {
    store.load("<http://x/a> <http://x/p> <http://x/b> .", Lang.TURTLE);
    Path file = place().resolve("v1-pos.run");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 10));
    String advice = "; take the store from a copy, or load its data again";
    assertEquals(
        file
            + " is corrupt: expected "
            + bytes.length
            + " bytes, got "
            + (bytes.length - 10)
            + advice,
        opening());
    Files.copy(
        place().resolve("v1-spo.run"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    String swapped = opening();
    assertTrue(swapped.startsWith(file + " is corrupt: ") && swapped.endsWith(advice), swapped);
    Files.delete(file);
    assertEquals(
        "the store "
            + place()
            + " lacks its file "
            + file
            + "; take it from a copy, or load its data again",
        opening());
  }

  @Test
  void aManifestThatIsLost() throws Exception {
    store.load("<http://x/a> <http://x/p> <http://x/b> .", Lang.TURTLE);
    Files.delete(place().resolve("MANIFEST"));
    PenstockException e =
        assertThrows(PenstockException.class, () -> store.load("<http://x/a> a 2 .", Lang.TURTLE));
    assertEquals(
        "the store "
            + place()
            + " has lost its manifest; take it from a copy, or load its data again",
        e.getMessage());
    assertEquals(List.of("[:a, :p, :b, null]"), rows(ALL)); // what is mapped is still there
  }

  private String opening() {
    PenstockException e =
        assertThrows(PenstockException.class, () -> TripleStore.open(engine, place()).close());
    assertEquals("store-corrupt", e.code());
    return e.getMessage();
  }

  /** A changed byte, wherever it is, is an error or makes no difference. */
  @Test
  void changedBytes() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      text.append("<http://x/s").append(i % 50).append("> <http://x/p").append(i % 3);
      text.append("> \"o").append(i).append("\" .\n");
    }
    store.load(text.toString(), Lang.TURTLE);
    store.load("<http://x/g> { <http://x/a> <http://x/b> 1 }", Lang.TRIG);
    List<String> right = answers();
    int errors = 0;
    for (String name : files()) {
      Path file = place().resolve(name);
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < 25 && good.length > 0; i++) {
        byte[] bad = good.clone();
        int at =
            i < 4 ? i * 8 : i < 10 ? good.length - 1 - 9 * (i - 4) : random.nextInt(good.length);
        at = Math.max(0, Math.min(good.length - 1, at));
        bad[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bad);
        try {
          store = later(store);
          assertEquals(right, answers(), name + " byte " + at + " seed " + seed);
        } catch (PenstockException e) {
          errors++;
          assertTrue(
              e.code().equals("store-corrupt") || e.code().equals("store-format"),
              name + " byte " + at + ": " + e.code() + " " + e.getMessage());
        }
      }
      Files.write(file, good);
    }
    store = later(store);
    assertEquals(right, answers());
    assertTrue(errors > 120, errors + " errors");
  }

  private List<String> answers() {
    List<String> out = new ArrayList<>(rows(ALL));
    out.addAll(rows("SELECT ?o { <http://x/s7> ?p ?o }"));
    out.addAll(rows("SELECT ?s { ?s <http://x/p2> \"o32\" }"));
    out.addAll(rows("SELECT ?s ?p { ?s ?p \"o77\" }"));
    out.addAll(rows("SELECT ?g { GRAPH ?g { <http://x/a> ?p ?o } }"));
    return out;
  }

  /** A store many times the cap: loaded by spilling, read with the least. */
  @Test
  void littleMemory() throws Exception {
    Path many = file("many.nt", lines(0, 120_000));
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(2)
            .withMemoryBytes(6 << 20)
            .withSpillTo(
                new EngineOptions.SpillTo(
                    Files.createDirectories(folder.resolve("spill")), 1L << 30));
    try (Engine small = Engine.create(options);
        TripleStore little = TripleStore.open(small, folder.resolve("little"))) {
      assertEquals(120_000, little.load(many).added());
      assertTrue(small.spilled().writtenBytes() > 1 << 20, () -> small.spilled().toString());
      try (SparqlResult result =
          new SparqlSession(little)
              .execute("SELECT ?o { ?s <http://x/p3> ?o } ORDER BY DESC(?o) LIMIT 1")) {
        assertEquals("[[\"text 99998\"]]", result.rows().toString());
      }
    }
  }

  /** Eight segments of terms and more become one; ids stay what they are. */
  @Test
  void manySegments() {
    for (int i = 0; i < 20; i++) {
      store.load("<http://x/a" + i + "> <http://x/p> <http://x/a" + (i + 1) + "> .", Lang.TURTLE);
    }
    store = later(store);
    assertEquals(
        List.of("[\"20\"^^xsd:integer]"),
        rows("SELECT (COUNT(*) AS ?n) { <http://x/a0> <http://x/p>+ ?o }"));
  }
}
