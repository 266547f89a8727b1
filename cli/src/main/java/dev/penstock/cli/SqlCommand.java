package dev.penstock.cli;

import dev.penstock.compiler.Engine;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code penstock sql}. */
@Command(
    name = "sql",
    description = {
      "Run SQL statements in order, and write the rows of queries.",
      "Each file of --data, and each folder of files in it, is a table of that name;",
      "FROM 'file.csv' reads any file. Without a text: a session."
    })
final class SqlCommand implements Callable<Integer> {
  @ParentCommand private Commands parent;
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SQL",
      description = "Statements, with ; between them; - for standard input.")
  private @Nullable String text;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A file with statements.")
  private @Nullable String file;

  @Option(names = "--explain", description = "Print what becomes of the queries; they do not run.")
  private boolean explain;

  @Option(
      names = "--analyze",
      description = "Run the queries, drop their rows, and print what each operator did.")
  private boolean analyze;

  @Mixin private SqlFlags sql;
  @Mixin private OutputFlags output;

  /** A command that picocli did not read. */
  static SqlCommand of(@Nullable String text, @Nullable String file, OutputFlags output) {
    SqlCommand command = new SqlCommand();
    command.text = text;
    command.file = file;
    command.sql = new SqlFlags();
    command.output = output;
    return command;
  }

  @Override
  public Integer call() throws Exception {
    return run(parent.streams(), parent.engineOf(spec));
  }

  /** Runs the statements, or a session; the exit code. */
  int run(Streams streams, EngineFlags flags) throws Exception {
    if (text != null && file != null) {
      throw new WrongUsage("expected SQL or --file, got both");
    }
    if (text == null && file == null && streams.inIsTerminal()) {
      try (Engine engine = flags.open()) {
        return Repl.run(engine, () -> sql.open(engine, flags), true, true);
      }
    }
    boolean stdin = text == null ? file == null || file.equals("-") : text.equals("-");
    SqlScript.Mode mode =
        analyze ? SqlScript.Mode.ANALYZE : explain ? SqlScript.Mode.EXPLAIN : SqlScript.Mode.RUN;
    String script =
        stdin
            ? TextFile.ofStdin(streams.in(), "SQL")
            : file != null ? TextFile.read(file, "SQL") : String.valueOf(text);
    String name = stdin ? "stdin" : file != null ? file : "";
    return SqlScript.run(streams, script, name, mode, flags, sql, output);
  }
}
