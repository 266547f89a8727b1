package dev.penstock.cli;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import dev.penstock.sql.text.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the statements of a text in order, up to the first that fails. */
final class SqlScript {
  /** What is done with queries. */
  enum Mode {
    RUN,
    EXPLAIN,
    ANALYZE
  }

  private final Streams streams;
  private final OutputFlags output;
  private final OutputFlags.Format format;
  private int written;

  private SqlScript(Streams streams, OutputFlags output) {
    this.streams = streams;
    this.output = output;
    this.format = output.format(streams);
  }

  /** The exit code. */
  static int run(
      Streams streams,
      String text,
      String name,
      Mode mode,
      EngineFlags flags,
      SqlFlags sql,
      OutputFlags output) {
    SqlScript script = new SqlScript(streams, output);
    List<Statement> statements = new ArrayList<>();
    for (Statement s : SqlSession.statements(text, name)) {
      statements.add(mode == Mode.RUN ? s : explained(s, mode));
    }
    List<@Nullable Object> parameters = sql.parameters();
    check(statements, parameters, output);
    try (Engine engine = flags.open();
        Interrupts interrupts = new Interrupts(streams.err(), output.out() != null)) {
      SqlSession session = sql.open(engine, flags);
      int used = 0;
      for (Statement statement : statements) {
        int end = used + statement.parameters();
        try {
          script.run(
              engine, session, statement, parameters.subList(used, end).toArray(), interrupts);
        } catch (PenstockException e) {
          if (!interrupts.happened()) {
            throw e;
          }
        }
        if (interrupts.happened()) {
          // its one line was printed by the interrupt
          return ExitCode.CANCELLED;
        }
        used = end;
      }
    }
    return ExitCode.DONE;
  }

  /** EXPLAIN before a query; other statements stay what they are. */
  private static Statement explained(Statement s, Mode mode) {
    if (s.gives() != Statement.Gives.ROWS) {
      return s;
    }
    int start = s.tokens().get(0).start();
    List<Token> tokens = new ArrayList<>();
    tokens.add(new Token(Token.Kind.WORD, "EXPLAIN", start));
    if (mode == Mode.ANALYZE) {
      tokens.add(new Token(Token.Kind.WORD, "ANALYZE", start));
    }
    tokens.addAll(s.tokens());
    return new Statement(s.text(), s.source(), tokens);
  }

  private static void check(List<Statement> statements, List<?> parameters, OutputFlags output) {
    int marks = statements.stream().mapToInt(Statement::parameters).sum();
    if (marks != parameters.size()) {
      throw new WrongUsage(
          "--param: the statements have "
              + marks
              + (marks == 1 ? " question mark, got " : " question marks, got ")
              + parameters.size()
              + (parameters.size() == 1 ? " value" : " values"));
    }
    long rows = statements.stream().filter(s -> s.gives() != Statement.Gives.STATUS).count();
    if (output.out() != null && rows != 1) {
      throw new WrongUsage(
          "--out takes the rows of one statement, and "
              + rows
              + " of these give rows; COPY (query) TO 'file' writes more");
    }
  }

  private void run(
      Engine engine,
      SqlSession session,
      Statement statement,
      @Nullable Object[] parameters,
      Interrupts interrupts) {
    List<Progress> within = new ArrayList<>();
    session.watch(
        result -> {
          interrupts.cancels(result);
          within.add(Progress.start(result, streams));
        });
    try (Result result = session.execute(statement, parameters)) {
      within.forEach(Progress::close);
      interrupts.cancels(result);
      switch (statement.gives()) {
        case ROWS -> rows(engine, result);
        case TEXT -> {
          if (output.isGiven()) {
            rows(engine, result);
          } else {
            text(result);
          }
        }
        case STATUS -> status(result);
      }
    } finally {
      within.forEach(Progress::close);
    }
  }

  private void rows(Engine engine, Result result) {
    if (written++ > 0 && format != OutputFlags.Format.JSON) {
      print("\n");
    }
    QueryCommand.write(streams, engine, result, format, output);
  }

  private void text(Result result) {
    StringBuilder lines = new StringBuilder();
    for (Batch batch = result.next(); batch != null; batch = result.next()) {
      for (int i = 0; i < batch.count(); i++) {
        lines.append(batch.row(i)[0]).append('\n');
      }
    }
    if (written++ > 0) {
      lines.insert(0, '\n');
    }
    print(lines.toString());
  }

  /** A person is told; a program reads rows only. */
  private void status(Result result) {
    List<Object[]> rows = result.rows();
    if (streams.outIsTerminal()) {
      streams.err().println(status(rows.get(0)[0]));
      streams.err().flush();
    }
  }

  /** What a statement did, for a person. */
  static String status(@Nullable Object value) {
    return value instanceof Long n
        ? String.format(java.util.Locale.ROOT, "%,d %s", n, n == 1 ? "row" : "rows")
        : String.valueOf(value);
  }

  private void print(String text) {
    try {
      streams.out().write(text.getBytes(StandardCharsets.UTF_8));
      streams.out().flush();
    } catch (java.io.IOException e) {
      throw PenstockException.io("output-gone", "the output is closed: " + e.getMessage(), e);
    }
  }
}
