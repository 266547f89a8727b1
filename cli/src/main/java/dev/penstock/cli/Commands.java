package dev.penstock.cli;

import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands and their options. */
@Command(
    name = "penstock",
    description = {"Runs plans over files: an embeddable dataflow query engine.", ""},
    footer = {
      "",
      "Paths in a plan start at --data, or at the working folder.",
      "Exit codes: 0 done, 1 the query failed, 2 wrong usage, 130 cancelled."
    },
    subcommands = {Commands.Run.class, Commands.Explain.class, Commands.Repl.class})
final class Commands implements Callable<Integer> {
  /** Longer texts are refused before they are read. */
  private static final long MAX_PLAN_BYTES = 1 << 20;

  @Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-e", "--eval"},
      paramLabel = "PLAN",
      description = "Run this plan.")
  private @Nullable String plan;

  @Mixin private EngineFlags engine;
  @Mixin private OutputFlags output;

  @Option(names = "--version", description = "Print the version.")
  private boolean version;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;

  /** Parses and runs; the exit code. Errors are one line on standard error. */
  static int run(String... args) {
    CommandLine line = new CommandLine(new Commands());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(
        (e, a) -> {
          String message = String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
          System.err.println("penstock: " + message + "; see penstock --help");
          return ExitCode.USAGE;
        });
    line.setExecutionExceptionHandler((e, c, r) -> report(e));
    return line.execute(args);
  }

  /** Prints the one line of a failure; the exit code for it. */
  static int report(Throwable e) {
    if (System.getenv("PENSTOCK_DEBUG") != null) {
      e.printStackTrace();
    }
    if (e instanceof PenstockException p) {
      System.err.println("penstock: " + oneLine(p.getMessage()));
      return p.category() == PenstockException.Category.CANCELLED
          ? ExitCode.CANCELLED
          : ExitCode.FAILED;
    }
    System.err.println(
        "penstock: a defect in Penstock: "
            + oneLine(e.toString())
            + " (PENSTOCK_DEBUG=1 shows where)");
    return ExitCode.FAILED;
  }

  static String oneLine(@Nullable String message) {
    return message == null ? "no message" : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  @Override
  public Integer call() throws Exception {
    if (version) {
      System.out.println(Main.version());
      return ExitCode.DONE;
    }
    if (plan == null) {
      throw new ParameterException(
          spec.commandLine(), "expected a command (run, explain, repl) or -e PLAN");
    }
    return QueryCommand.run(plan, "-e", engine, output);
  }

  /** Where a plan comes from: a file, standard input, or the command line. */
  static final class PlanText {
    @Parameters(index = "0", paramLabel = "PLAN.edn", description = "A file, or - for standard input.")
    @Nullable String file;

    @Option(
        names = {"-e", "--eval"},
        paramLabel = "PLAN",
        description = "The plan itself.")
    @Nullable String text;

    String name() {
      return text != null ? "-e" : "-".equals(file) ? "stdin" : String.valueOf(file);
    }

    String read() {
      if (text != null) {
        return text;
      }
      try {
        if ("-".equals(file)) {
          return new String(
              System.in.readNBytes((int) MAX_PLAN_BYTES + 1), StandardCharsets.UTF_8);
        }
        Path path = Path.of(String.valueOf(file));
        if (Files.isDirectory(path)) {
          throw PenstockException.incorrect("plan-file", file + ": a folder, expected a file with a plan");
        }
        if (Files.size(path) > MAX_PLAN_BYTES) {
          throw PenstockException.limit(
              "plan-too-long",
              file + ": " + Files.size(path) + " bytes; a plan text has at most 1 MiB");
        }
        return Files.readString(path);
      } catch (NoSuchFileException e) {
        throw PenstockException.io("plan-file", file + ": no such file", e);
      } catch (java.nio.charset.CharacterCodingException e) {
        throw PenstockException.io("plan-file", file + ": not UTF-8 text", e);
      } catch (IOException e) {
        throw PenstockException.io("plan-file", file + ": cannot be read: " + e.getMessage(), e);
      }
    }
  }

  /** {@code penstock run}. */
  @Command(name = "run", description = "Run a plan and write its rows.", mixinStandardHelpOptions = true)
  static final class Run implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private PlanText plan;

    @Mixin private EngineFlags engine;
    @Mixin private OutputFlags output;

    @Override
    public Integer call() throws Exception {
      return QueryCommand.run(plan.read(), plan.name(), engine, output);
    }
  }

  /** {@code penstock explain}. */
  @Command(
      name = "explain",
      description = "Print a plan as written, the rules that fired, the plan after, and its nodes.",
      mixinStandardHelpOptions = true)
  static final class Explain implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private PlanText plan;

    @Mixin private EngineFlags engine;

    @Override
    public Integer call() {
      String text = plan.read();
      try (var e = engine.open()) {
        System.out.print(e.explain(text, plan.name()));
        System.out.flush();
      }
      return ExitCode.DONE;
    }
  }

  /** {@code penstock repl}. */
  @Command(name = "repl", description = "Type plans and see their rows.", mixinStandardHelpOptions = true)
  static final class Repl implements Callable<Integer> {
    @Mixin private EngineFlags engine;

    @Override
    public Integer call() throws Exception {
      try (var e = engine.open()) {
        return dev.penstock.cli.Repl.run(e);
      }
    }
  }
}
