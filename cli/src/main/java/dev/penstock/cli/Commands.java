package dev.penstock.cli;

import dev.penstock.monitor.PenstockException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands and their options. */
@Command(
    name = "penstock",
    description = {"Runs SQL and plans over files: an embeddable dataflow query engine.", ""},
    footer = {
      "",
      "Rows go to standard output, everything else to standard error.",
      "Relative paths start at --data, else at the working folder,",
      "wherever the file with the plan or the statements is.",
      "Exit codes: 0 done, 1 the query failed, 2 wrong usage, 130 cancelled.",
      "PENSTOCK_DEBUG=1 shows where an error came from."
    },
    subcommands = {
      SqlCommand.class,
      SparqlCommand.class,
      Commands.Run.class,
      Commands.Explain.class,
      Commands.Repl.class,
      ServeCommand.class,
      TopCommand.class,
      TokenCommand.class
    })
final class Commands implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;

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
      scope = CommandLine.ScopeType.INHERIT,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // picocli prints the help and ends
  private boolean help;

  private Commands(Streams streams) {
    this.streams = streams;
  }

  Streams streams() {
    return streams;
  }

  /** Parses and runs; the exit code. An error is one line on standard error. */
  static int run(Streams streams, String... args) {
    ShortCommand usual = ShortCommand.of(args);
    if (usual != null) {
      try {
        return usual.run(streams);
      } catch (Throwable e) {
        return report(streams, e);
      }
    }
    return runAny(streams, args);
  }

  /** The same, read by picocli. */
  static int runAny(Streams streams, String... args) {
    PrintWriter out =
        new PrintWriter(new OutputStreamWriter(streams.out(), StandardCharsets.UTF_8), true);
    CommandLine line = new CommandLine(new Commands(streams));
    line.setOut(out);
    line.setErr(
        new PrintWriter(new OutputStreamWriter(streams.err(), StandardCharsets.UTF_8), true));
    line.setUsageHelpWidth(Math.min(100, Math.max(80, streams.columns())));
    line.setParameterExceptionHandler(
        (e, a) -> {
          return report(streams, new WrongUsage(e.getMessage()));
        });
    line.setExecutionExceptionHandler((e, c, r) -> report(streams, e));
    try {
      return line.execute(args);
    } catch (Error e) {
      return report(streams, e);
    } finally {
      out.flush();
    }
  }

  /** Prints the one line of a failure; the exit code for it. */
  static int report(Streams streams, Throwable e) {
    if (System.getenv("PENSTOCK_DEBUG") != null) {
      e.printStackTrace(streams.err());
    }
    if (e instanceof WrongUsage) {
      streams.complain(e.getMessage() + "; see penstock --help");
      return ExitCode.USAGE;
    }
    streams.complain(line(e));
    return e instanceof PenstockException p && p.category() == PenstockException.Category.CANCELLED
        ? ExitCode.CANCELLED
        : ExitCode.FAILED;
  }

  /** A failure in one line. */
  static String line(Throwable e) {
    if (e instanceof PenstockException) {
      return Streams.oneLine(e.getMessage());
    }
    if (e instanceof OutOfMemoryError) {
      return "the heap of Java is exhausted ("
          + e.getMessage()
          + "); give it more (PENSTOCK_JAVA_OPTS=-Xmx8g), or lower --memory";
    }
    return "a defect in Penstock: "
        + Streams.oneLine(e.toString())
        + " (PENSTOCK_DEBUG=1 shows where)";
  }

  @Override
  public Integer call() {
    if (version) {
      spec.commandLine().getOut().println(Main.version());
      return ExitCode.DONE;
    }
    if (plan == null) {
      throw new ParameterException(
          spec.commandLine(),
          "expected a command (sql, sparql, run, explain, repl, serve, top, token) or -e PLAN");
    }
    return QueryCommand.run(streams, plan, "-e", engine.telling(streams.err()), output);
  }

  /** Refuses what was written before a command and belongs behind it, instead of ignoring it. */
  EngineFlags engineOf(CommandSpec command) {
    if (plan != null || version || output.isGiven()) {
      throw new ParameterException(
          command.commandLine(),
          "-e, --format, --out and --version belong behind the command '"
              + command.name()
              + "', or go without it");
    }
    return engine.telling(streams.err());
  }

  /** {@code penstock run}. */
  @Command(name = "run", description = "Run a plan and write its rows.")
  static final class Run implements Callable<Integer> {
    @ParentCommand private Commands parent;
    @Spec private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private PlanText plan;

    @Mixin private OutputFlags output;

    @Override
    public Integer call() {
      EngineFlags engine = parent.engineOf(spec);
      String text = plan.read(parent.streams.in());
      return QueryCommand.run(parent.streams, text, plan.name(), engine, output);
    }
  }

  /** {@code penstock explain}. */
  @Command(
      name = "explain",
      description = "Print a plan as written, the rules that fired, the plan after, and its nodes.")
  static final class Explain implements Callable<Integer> {
    @ParentCommand private Commands parent;
    @Spec private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private PlanText plan;

    @Option(
        names = "--analyze",
        description = "Run the plan, drop its rows, and print what each operator did.")
    private boolean analyze;

    @Override
    public Integer call() {
      EngineFlags flags = parent.engineOf(spec);
      String text = plan.read(parent.streams.in());
      try (var engine = flags.open()) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(
            analyze ? engine.explainAnalyze(text, plan.name()) : engine.explain(text, plan.name()));
        out.flush();
      }
      return ExitCode.DONE;
    }
  }

  /** {@code penstock repl}. */
  @Command(name = "repl", description = "Type plans or SQL and see their rows.")
  static final class Repl implements Callable<Integer> {
    @ParentCommand private Commands parent;
    @Spec private CommandSpec spec;
    @Mixin private SqlFlags sql;

    @Override
    public Integer call() throws Exception {
      EngineFlags flags = parent.engineOf(spec);
      try (var engine = flags.open()) {
        return dev.penstock.cli.Repl.run(
            engine, () -> sql.open(engine, flags), parent.streams.inIsTerminal(), false);
      }
    }
  }
}
