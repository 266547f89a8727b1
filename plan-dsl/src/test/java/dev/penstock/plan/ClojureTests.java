package dev.penstock.plan;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AssertionFailureBuilder;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every {@code deftest} of the namespaces named {@code ...-test} as one JUnit test, but for
 * those of {@link RandomPlanTests}. {@code -Dclojure.tests=REGEX} keeps, of all, the tests whose
 * full name ({@code namespace/test}) contains a match.
 */
final class ClojureTests {
  private static final IFn REQUIRE = Clojure.var("clojure.core", "require");
  private static final Pattern WANTED = Pattern.compile(System.getProperty("clojure.tests", ""));

  /** Some are asked for: they are all run here. */
  static final boolean CHOSEN = !WANTED.pattern().isEmpty();

  @TestFactory
  List<DynamicNode> clojureTests() throws IOException, URISyntaxException {
    List<DynamicNode> tests = of(name -> CHOSEN || !RandomPlanTests.NAMESPACES.contains(name));
    assertFalse(tests.isEmpty(), "no Clojure test matches -Dclojure.tests=" + WANTED);
    return tests;
  }

  static List<DynamicNode> of(Predicate<String> isWanted) throws IOException, URISyntaxException {
    REQUIRE.invoke(Clojure.read("dev.penstock.plan.junit"));
    List<DynamicNode> containers = new ArrayList<>();
    for (String namespace : namespaces()) {
      List<DynamicNode> tests = isWanted.test(namespace) ? testsOf(namespace) : List.of();
      if (!tests.isEmpty()) {
        containers.add(dynamicContainer(namespace, tests));
      }
    }
    return containers;
  }

  private static List<DynamicNode> testsOf(String namespace) {
    List<DynamicNode> tests = new ArrayList<>();
    try {
      REQUIRE.invoke(Clojure.read(namespace));
    } catch (RuntimeException | Error e) {
      return List.of(
          dynamicTest(
              namespace + " loads",
              () -> {
                throw e;
              }));
    }
    IFn runTest = Clojure.var("dev.penstock.plan.junit", "run-test");
    for (Object test :
        (List<?>) Clojure.var("dev.penstock.plan.junit", "tests").invoke(namespace)) {
      if (WANTED.matcher(test.toString()).find()) {
        tests.add(
            dynamicTest(test.toString(), () -> failUnlessEmpty((String) runTest.invoke(test))));
      }
    }
    return tests;
  }

  private static void failUnlessEmpty(String report) {
    if (!report.isEmpty()) {
      AssertionFailureBuilder.assertionFailure().message(report).buildAndThrow();
    }
  }

  /** The namespaces of the files {@code *_test.clj} beside this class, sorted by name. */
  private static List<String> namespaces() throws IOException, URISyntaxException {
    URI here = Objects.requireNonNull(ClojureTests.class.getResource("ClojureTests.class")).toURI();
    Path root = Path.of(here).resolve("../../../..").normalize();
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.matches(".*_test\\.cljc?"))
          .map(
              name ->
                  name.replaceFirst("\\.cljc?$", "").replaceAll("[/\\\\]", ".").replace('_', '-'))
          .sorted()
          .toList();
    }
  }
}
