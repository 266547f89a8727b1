package dev.penstock.sparql.w3c;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The W3C's tests of queries and results. They lie beside the project ({@code ../shared/w3c}), or
 * where the system property {@code penstock.w3c} or the variable {@code PENSTOCK_W3C} says; without
 * them this is skipped. {@code -Dpenstock.w3c.manifest=FILE} runs any other manifest as well,
 * {@code -Dpenstock.sparql.store=disk} takes stores on disk.
 */
@Timeout(120)
class W3cTest {
  private static Path root() {
    String given = System.getProperty("penstock.w3c", System.getenv("PENSTOCK_W3C"));
    Path root = given == null ? Path.of("..", "..", "shared", "w3c") : Path.of(given);
    Path sparql = root.resolve("sparql").toAbsolutePath().normalize();
    if (!Files.isDirectory(sparql)) {
      System.err.println(
          "SKIPPED: the W3C's SPARQL tests are not at " + sparql + "; PENSTOCK_W3C says where");
    }
    assumeTrue(Files.isDirectory(sparql), "the W3C's tests are not there");
    return sparql;
  }

  /** The counts are exact, so that none may fall; docs/sparql-deviations.md lists what fails. */
  @ParameterizedTest
  @CsvSource({
    "sparql10/manifest-evaluation.ttl, 283, 283",
    "sparql10/manifest-syntax.ttl, 199, 199",
    "sparql11/manifest-sparql11-query.ttl, 328, 328",
    "sparql11/manifest-sparql11-results.ttl, 10, 10"
  })
  void passes(String manifest, int passing, int all) {
    List<String> failures = new ArrayList<>();
    List<Manifest.Case> cases = run(root().resolve(manifest), failures);
    failures.forEach(System.err::println);
    assertEquals(passing + " of " + all, (cases.size() - failures.size()) + " of " + cases.size());
  }

  @Test
  void anyManifest() {
    String manifest = System.getProperty("penstock.w3c.manifest");
    assumeTrue(manifest != null, "no other manifest is given");
    List<String> failures = new ArrayList<>();
    run(Path.of(manifest), failures);
    assertEquals("", String.join("\n", failures));
  }

  private static List<Manifest.Case> run(Path manifest, List<String> failures) {
    List<Manifest.Case> cases = Manifest.read(manifest);
    try (Engine engine = Engine.create(EngineOptions.defaults())) {
      Runner runner = new Runner(engine);
      for (Manifest.Case test : cases) {
        String wrong = runner.run(test);
        if (wrong != null) {
          failures.add(test.folder() + " / " + test.name() + ": " + wrong);
        }
      }
    }
    System.out.println(
        manifest.getParent().getFileName()
            + "/"
            + manifest.getFileName()
            + ": "
            + (cases.size() - failures.size())
            + " of "
            + cases.size()
            + " pass");
    return cases;
  }
}
