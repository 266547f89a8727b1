package dev.penstock.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Half of the time of {@link ClojureTests}, in the other of two JVMs: random plans, rewritten. */
final class RandomPlanTests {
  static final Set<String> NAMESPACES =
      Set.of("dev.penstock.plan.join-order-test", "dev.penstock.plan.rewritten-test");

  @TestFactory
  List<DynamicNode> randomPlans() throws IOException, URISyntaxException {
    if (ClojureTests.CHOSEN) {
      return List.of();
    }
    List<DynamicNode> tests = ClojureTests.of(NAMESPACES::contains);
    assertEquals(NAMESPACES.size(), tests.size(), "namespaces with tests");
    return tests;
  }
}
