package dev.penstock.server.result;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.server.Problem;
import dev.penstock.server.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Writes results to responses. The first batch is awaited before the response begins: an error
 * until then has a status of its own. From there on a failure cuts the connection, after what the
 * format can say about it: the chunks of the response then lack their end, which every client
 * notices.
 *
 * <p>A slow client holds what the engine's result pipe and two buffers hold: the thread that writes
 * blocks, the pipe fills, the operators pause. When the query is stopped meanwhile, the client has
 * a moment to read on, then its connection is cut and the thread is free.
 *
 * <p>Concurrency: thread-safe; each result is written by one thread, and cut by a timer's.
 */
public final class ResultStream {
  /** Rows that came early are not held back longer. */
  private static final long FLUSH_NANOS = 50_000_000;

  private final ScheduledExecutorService timer;
  private final long maxRows;
  private final Path directory;
  private final Budget budget;

  /**
   * @param timer cuts connections
   * @param maxRows a result that has more fails
   * @param directory for results that must be complete before they are sent
   * @param budget of writers that hold more than a buffer
   */
  public ResultStream(ScheduledExecutorService timer, long maxRows, Path directory, Budget budget) {
    this.directory = directory;
    this.budget = budget;
    this.timer = timer;
    this.maxRows = maxRows;
  }

  /**
   * Writes a result and closes it. Blocks.
   *
   * @throws PenstockException when it fails before its first row
   */
  public void send(
      Result result,
      ResultFormat format,
      HttpServletRequest request,
      HttpServletResponse response) {
    Cut cut = new Cut(request, timer);
    try (result;
        cut) {
      if (format == ResultFormat.PARQUET) {
        sendFile(result, response, cut);
        return;
      }
      Batch first = result.next();
      cut.when(result.token());
      response.setStatus(HttpServletResponse.SC_OK);
      response.setContentType(format.header());
      write(result, first, writer(format, result, output(response)), cut);
    }
  }

  private void sendFile(Result result, HttpServletResponse response, Cut cut) {
    try (ParquetSpool spool = ParquetSpool.of(result, directory, budget, new RowLimit(maxRows))) {
      response.setStatus(HttpServletResponse.SC_OK);
      response.setContentType(ResultFormat.PARQUET.header());
      response.setContentLengthLong(spool.sizeBytes());
      try {
        spool.copyTo(output(response));
      } catch (IOException e) {
        cut.now(); // who was to read it is gone
      }
    }
  }

  private void write(Result result, @Nullable Batch first, RowWriter writer, Cut cut) {
    RowLimit limit = new RowLimit(maxRows);
    try {
      long flushed = System.nanoTime();
      for (Batch batch = first; batch != null; batch = next(result)) {
        limit.count(batch.count());
        writer.write(batch);
        if (System.nanoTime() - flushed > FLUSH_NANOS) {
          writer.flush();
          flushed = System.nanoTime();
        }
      }
      writer.end(limit.rows());
    } catch (QueryFailed e) {
      fail(writer, Problem.of(e.error), cut);
    } catch (Refusal e) {
      result.query().cancel(Reason.ERROR, String.valueOf(e.getMessage()));
      fail(writer, Problem.of(e), cut);
    } catch (PenstockException e) {
      // whoever was to read it is gone: or was cut off, because the query was stopped before
      result
          .query()
          .cancel(Reason.CLIENT_GONE, "the client went away before the end of the result");
      cut.now();
    } catch (RuntimeException e) {
      Problem problem = Problem.of(e);
      result.query().cancel(Reason.ERROR, problem.message());
      fail(writer, problem, cut);
    }
  }

  /** An error of the query, not of the stream. */
  private static final class QueryFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final RuntimeException error;

    QueryFailed(RuntimeException error) {
      super(error);
      this.error = error;
    }
  }

  private static @Nullable Batch next(Result result) {
    try {
      return result.next();
    } catch (RuntimeException e) {
      throw new QueryFailed(e);
    }
  }

  private static void fail(RowWriter writer, Problem problem, Cut cut) {
    try {
      writer.fail(problem);
    } catch (PenstockException e) {
      // nobody is there to be told
    } finally {
      cut.now();
    }
  }

  private static OutputStream output(HttpServletResponse response) {
    try {
      return response.getOutputStream();
    } catch (IOException e) {
      throw PenstockException.io("output-gone", "the response cannot be written: " + e, e);
    }
  }

  private static RowWriter writer(ResultFormat format, Result result, OutputStream out) {
    return switch (format) {
      case JSON -> new JsonWriter(out, result.query().id(), result.schema());
      case NDJSON -> new LinesWriter(out, result.schema());
      case CSV -> new CsvWriter(out, result.schema());
      case ARROW -> new ArrowWriter(out, result.schema());
      case PARQUET -> throw new IllegalArgumentException("a file, not a stream");
    };
  }
}
