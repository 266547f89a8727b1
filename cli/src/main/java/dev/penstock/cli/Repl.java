package dev.penstock.cli;

import clojure.lang.PersistentList;
import clojure.lang.Symbol;
import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Plan;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.ByteOutput;
import dev.penstock.sparql.ResultFormat;
import dev.penstock.sparql.SparqlQuery;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.SparqlTables;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.SqlSession;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The interactive loop: reads a form, evaluates it, runs it if it is a plan, shows its rows; or, in
 * SQL, reads statements and runs them; or, in SPARQL, queries.
 *
 * <p>Concurrency: everything happens on the caller's thread; a signal's thread only sets {@code
 * isInterrupted} and calls {@code interrupt}, both volatile: it cancels the query, or interrupts
 * the evaluation. What {@code :start} runs has threads of its own, which print above the line that
 * is being typed; {@code ended} is set by this thread, and they may print once more after it.
 */
final class Repl implements ClojureSession.Answers {
  private static final int DEFAULT_COLUMNS = 100;

  private final Engine engine;
  private final Terminal terminal;
  private final PrintWriter out;
  private final PrintStream raw;
  private final Supplier<SqlSession> sessions;
  private final LineReader reader;
  private @Nullable ClojureSession clojure;
  private @Nullable PlanCompleter plans;
  private @Nullable ReplSql sql;
  private @Nullable SqlCompleter statements;
  private boolean isSql;
  private boolean isSparql;
  private final boolean prompts;
  private volatile @Nullable Runnable interrupt;
  private volatile boolean isInterrupted;
  private final ReplStarted started;
  private volatile boolean ended;
  private @Nullable Throwable lastError;

  private Repl(
      Engine engine,
      Supplier<SqlSession> sessions,
      Terminal terminal,
      @Nullable Path history,
      boolean prompts,
      boolean isSql) {
    this.prompts = prompts;
    this.engine = engine;
    this.sessions = sessions;
    this.isSql = isSql;
    this.terminal = terminal;
    this.out = terminal.writer();
    this.raw = new PrintStream(terminal.output(), true, StandardCharsets.UTF_8);
    Parser planParser = new PlanParser();
    Parser sqlParser = new SqlParser();
    Parser sparqlParser = new SparqlParser();
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .appName("penstock")
            .terminal(terminal)
            .parser(
                (line, cursor, context) ->
                    // a command is the same in both modes
                    (isSparql ? sparqlParser : this.isSql ? sqlParser : planParser)
                        .parse(line, cursor, context))
            .completer((reader, line, out) -> completer().complete(reader, line, out))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, prompts ? "     ... " : "");
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    this.reader = builder.build();
    this.started = new ReplStarted(engine, this::above);
  }

  /**
   * On the terminal of this process, until its end.
   *
   * @param sessions makes the session for SQL, when it is first needed
   * @param prompts whether a person types
   * @param isSql whether it begins in SQL
   */
  static int run(Engine engine, Supplier<SqlSession> sessions, boolean prompts, boolean isSql)
      throws IOException {
    try (Terminal terminal =
        TerminalBuilder.builder().name("penstock").system(true).dumb(true).build()) {
      return run(engine, sessions, terminal, prompts ? historyFile() : null, prompts, isSql);
    }
  }

  /** On any terminal; the exit code. */
  static int run(
      Engine engine,
      Supplier<SqlSession> sessions,
      Terminal terminal,
      @Nullable Path history,
      boolean prompts,
      boolean isSql) {
    Repl repl = new Repl(engine, sessions, terminal, history, prompts, isSql);
    try {
      return repl.loop();
    } finally {
      repl.ended = true;
    }
  }

  private ClojureSession clojure() {
    if (clojure == null) {
      clojure = new ClojureSession(plan -> engine.explain(Plan.of(plan)));
    }
    return clojure;
  }

  private ReplSql sql() {
    if (sql == null) {
      sql = new ReplSql(sessions.get(), out);
    }
    return sql;
  }

  private Completer completer() {
    if (isSparql) {
      return (reading, line, candidates) -> {};
    }
    if (isSql) {
      if (statements == null) {
        statements = new SqlCompleter(sql().session());
      }
      return statements;
    }
    if (plans == null) {
      plans = new PlanCompleter(engine, clojure());
    }
    return plans;
  }

  /** In the folder where programs of this user keep their state; null when it cannot be made. */
  private static @Nullable Path historyFile() {
    String state =
        Objects.requireNonNullElse(
            System.getenv("XDG_STATE_HOME"),
            Objects.requireNonNullElse(
                System.getenv("LOCALAPPDATA"), System.getProperty("user.home") + "/.local/state"));
    Path folder = Path.of(state, "penstock");
    try {
      return Files.createDirectories(folder).resolve("history");
    } catch (IOException e) {
      return null;
    }
  }

  private boolean isDumb() {
    return terminal.getType().startsWith(Terminal.TYPE_DUMB);
  }

  private int loop() {
    terminal.handle(Terminal.Signal.INT, signal -> interrupted());
    if (prompts) {
      out.println(
          Main.version()
              + (isSql ? ": SQL, statements end with ;" : ": plans and Clojure")
              + "; :help, :quit");
    }
    if (isSql) {
      try {
        sql();
      } catch (PenstockException e) {
        // a catalog file that cannot be read: no session without it
        out.println("penstock: " + Commands.line(e));
        out.flush();
        return ExitCode.FAILED;
      }
    }
    while (true) {
      String text;
      try {
        text = reader.readLine(prompt()).strip();
      } catch (UserInterruptException e) {
        // the line is given up, not the session
        continue;
      } catch (EndOfFileException e) {
        return ExitCode.DONE;
      }
      switch (text) {
        case "" -> {}
        case ":quit", ":exit" -> {
          return ExitCode.DONE;
        }
        case ":help" ->
            out.print(
                isSparql
                    ? ReplCommands.SPARQL_HELP
                    : isSql ? ReplCommands.SQL_HELP : ReplCommands.HELP);
        case ":sql", ":plan", ":sparql" -> {
          isSql = text.equals(":sql");
          isSparql = text.equals(":sparql");
        }
        case ":tables" -> ReplCommands.tables(engine, out);
        case ":error" -> showError();
        case ":queries" -> ReplQueries.list(engine.queries(), out);
        default -> {
          if (ReplQueries.isCancel(text)) {
            ReplQueries.cancel(engine.queries(), text, out);
          } else if (ReplStarted.isStart(text)) {
            out.println(start(ReplStarted.text(text)));
          } else {
            evaluate(text);
          }
        }
      }
      out.flush();
    }
  }

  private String start(String text) {
    try {
      return isSparql
          ? "expected :start in SQL (:sql) or in plans (:plan)"
          : isSql ? started.sql(text, sql().session(), columns()) : started.plan(text, columns());
    } catch (PenstockException e) {
      return "penstock: " + Commands.line(e);
    }
  }

  private void above(String text) {
    if (!ended) {
      reader.printAbove(text);
    }
  }

  private int columns() {
    return terminal.getWidth() > 0 ? terminal.getWidth() : DEFAULT_COLUMNS;
  }

  private String prompt() {
    return !prompts ? "" : isSparql ? "sparql> " : isSql ? "sql> " : "penstock> ";
  }

  private void interrupted() {
    Runnable what = interrupt;
    if (what != null) {
      isInterrupted = true;
      what.run();
    }
  }

  private void evaluate(String text) {
    isInterrupted = false;
    Thread me = Thread.currentThread();
    interrupt =
        () -> {
          // what is planned, too
          engine.queries().running().stream()
              .filter(query -> !started.has(query))
              .forEach(query -> query.cancel(Reason.PERSON, "cancelled"));
          me.interrupt();
        };
    try {
      if (isSparql) {
        sparql(text);
      } else if (isSql) {
        sql().run(text, this::running, this::show);
      } else {
        clojure().evaluate(text, this, out);
      }
    } catch (Throwable e) {
      // everything: an error of a form ends the form, not the session
      lastError = e;
      out.println("penstock: " + (isInterrupted ? "cancelled" : line(e)));
    } finally {
      interrupt = null;
      // an interrupt that came too late belongs to this form, and to nothing else
      Thread.interrupted();
    }
  }

  /** Solutions are shown as values, in a plan; answers and triples as terms. */
  private void sparql(String text) {
    SparqlQuery query = SparqlQuery.parse(text);
    if (query.kind() == SparqlResult.Kind.SELECT) {
      plan(PersistentList.create(List.of(Symbol.intern("sparql+"), text)));
      return;
    }
    TripleStore triples = SparqlTables.store(engine.languages());
    out.flush();
    try (SparqlResult result = new SparqlSession(triples).execute(query)) {
      ResultFormat.TABLE.write(result, raw);
      raw.flush();
    }
  }

  @Override
  public void text(String text) {
    out.println(text);
  }

  private String line(Throwable e) {
    return e instanceof PenstockException || isSql || isSparql
        ? Commands.line(e)
        : clojure().line(e);
  }

  @Override
  public void plan(Object plan) {
    out.flush();
    Prepared prepared = engine.prepare(plan);
    Thread me = Thread.currentThread();
    try (Result result = engine.run(prepared)) {
      running(result);
      show(result);
    } finally {
      interrupt = me::interrupt;
    }
  }

  private void running(Result result) {
    interrupt = () -> result.token().cancel(Reason.PERSON, "cancelled");
  }

  private void show(Result result) {
    out.flush();
    try (Progress progress = Progress.start(result, raw, !isDumb());
        TableSink sink = new TableSink(result.schema(), ByteOutput.to(raw), columns())) {
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        sink.write(batch);
      }
      progress.close();
      sink.finish();
    }
  }

  private void showError() {
    if (lastError == null) {
      out.println("no error so far");
    } else {
      lastError.printStackTrace(out);
    }
  }
}
