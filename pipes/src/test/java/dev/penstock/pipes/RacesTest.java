package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.TestGrading;
import org.openjdk.jcstress.infra.runners.ForkedTestConfig;
import org.openjdk.jcstress.infra.runners.Runner;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.os.AffinityMode;
import org.openjdk.jcstress.os.NodeType;
import org.openjdk.jcstress.os.SchedulingClass;
import org.openjdk.jcstress.vm.CompileMode;

/**
 * The quick mode of the races in {@code src/jcstress/java}: some hundred milliseconds each, in this
 * process and under one set of VM flags. The long mode, with all of them, stands in README.md.
 */
final class RacesTest {
  private static final String[] QUICK = {
    "-iters", "1", "-time", "200", "-strideSize", "128", "-strideCount", "10", "-c", "2"
  };

  @TestFactory
  Stream<DynamicTest> noForbiddenOutcome() throws Exception {
    Options options = new Options(QUICK);
    assertTrue(options.parse());
    List<String> races = TestList.tests().stream().sorted().toList();
    assertTrue(races.size() > 30, "only " + races);
    return races.stream()
        .map(
            race ->
                DynamicTest.dynamicTest(
                    race.replaceFirst(".*\\.", ""), () -> run(options, TestList.getInfo(race))));
  }

  private static void run(Options options, TestInfo race) throws Exception {
    SchedulingClass anywhere =
        new SchedulingClass(AffinityMode.NONE, race.threads(), NodeType.PACKAGE);
    TestConfig config = new TestConfig(options, race, 0, List.of(), CompileMode.UNIFIED, anywhere);
    Runner<?> runner =
        (Runner<?>)
            Class.forName(race.generatedRunner())
                .getConstructor(ForkedTestConfig.class)
                .newInstance(new ForkedTestConfig(config));
    TestResult result = runner.run();
    result.setConfig(config);
    assertEquals(Status.NORMAL, result.status(), () -> race.name() + ": " + result.getMessages());
    TestGrading grading = TestGrading.grade(result);
    assertTrue(grading.isPassed, () -> race.name() + ": " + outcomes(grading));
    assertTrue(result.getTotalCount() > 0, race.name() + ": nothing ran");
  }

  private static String outcomes(TestGrading grading) {
    StringBuilder text = new StringBuilder();
    grading
        .gradingResults
        .values()
        .forEach(
            outcome ->
                text.append(outcome.count)
                    .append(" times ")
                    .append(outcome.id)
                    .append(" (")
                    .append(outcome.expect)
                    .append("); "));
    return text.toString();
  }
}
