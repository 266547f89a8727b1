package dev.penstock.server.sparql;

import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.server.Problem;
import dev.penstock.server.result.Cut;
import dev.penstock.sparql.ResultFormat;
import dev.penstock.sparql.SparqlResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ScheduledExecutorService;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes results of SPARQL to responses, by the rules of {@link
 * dev.penstock.server.result.ResultStream}: the first rows are awaited before the response begins,
 * a failure from then on cuts the connection, a client that does not read makes the engine pause.
 * Triples that CONSTRUCT and DESCRIBE make are all there before the response begins.
 *
 * <p>Concurrency: thread-safe; each result is written by one thread, and cut by a timer's.
 */
public final class SparqlStream {
  private static final int BUFFER_BYTES = 1 << 14;

  private final ScheduledExecutorService timer;
  private final long maxRows;

  /**
   * @param timer cuts connections
   * @param maxRows a result that has more fails
   */
  public SparqlStream(ScheduledExecutorService timer, long maxRows) {
    this.timer = timer;
    this.maxRows = maxRows;
  }

  /** Writes the rest of a result: {@link ResultFormat#write}, or another. */
  public interface Writing {
    void write(SparqlResult result, OutputStream out);
  }

  /**
   * Writes a result and closes it. Blocks.
   *
   * @param writing to the end of the result
   * @throws PenstockException when it fails before its first row
   */
  public void send(
      SparqlResult result,
      SparqlFormat.Choice choice,
      Writing writing,
      HttpServletRequest request,
      HttpServletResponse response) {
    Cut cut = new Cut(request, timer);
    try (result;
        cut) {
      result.limitRows(maxRows);
      result.await();
      cut.when(result.token());
      Client client = new Client(response, choice, encoding(request));
      try {
        writing.write(result, client);
        client.end();
      } catch (IOException | RuntimeException e) {
        if (!client.hasBegun && !client.isGone) {
          throw e instanceof RuntimeException r ? r : gone(e);
        }
        result
            .running()
            .cancel(
                client.isGone ? Reason.CLIENT_GONE : Reason.ERROR,
                client.isGone
                    ? "the client went away before the end of the result"
                    : Problem.of(e).message());
        cut.now();
      } finally {
        client.free();
      }
    }
  }

  /** Answers what {@link #send} would, without the content, whose length nobody knows before. */
  public void head(
      SparqlFormat.Choice choice, HttpServletRequest request, HttpServletResponse response) {
    begin(response, choice, encoding(request));
    try {
      response.flushBuffer(); // else the server says that there are 0 bytes
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private static void begin(
      HttpServletResponse response, SparqlFormat.Choice choice, boolean isPacked) {
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType(choice.header());
    Vary.by(response, "Accept, Accept-Encoding");
    if (isPacked) {
      response.setHeader("Content-Encoding", "gzip");
    }
  }

  private static boolean encoding(HttpServletRequest request) {
    String accepted = request.getHeader("Accept-Encoding");
    return accepted != null && new Accept(accepted).wish("gzip") > 0;
  }

  private static PenstockException gone(Exception e) {
    return PenstockException.io("output-gone", "the response cannot be written: " + e, e);
  }

  /**
   * The body of a response, which begins when the first buffer is full: until then an error has a
   * status of its own.
   */
  private static final class Client extends OutputStream {
    private final HttpServletResponse response;
    private final SparqlFormat.Choice choice;
    private final boolean isPacked;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private @Nullable OutputStream out;
    private @Nullable GZIPOutputStream packed;
    private boolean hasBegun;
    private boolean isGone;

    Client(HttpServletResponse response, SparqlFormat.Choice choice, boolean isPacked) {
      this.response = response;
      this.choice = choice;
      this.isPacked = isPacked;
    }

    private void pass(byte[] bytes, int from, int count) throws IOException {
      try {
        OutputStream to = out;
        if (to == null) {
          hasBegun = true;
          begin(response, choice, isPacked);
          to = response.getOutputStream();
          if (isPacked) {
            to = packed = new GZIPOutputStream(to, BUFFER_BYTES);
          }
          out = to;
        }
        to.write(bytes, from, count);
      } catch (IOException e) {
        isGone = true;
        throw e;
      }
    }

    @Override
    public void write(int b) throws IOException {
      if (filled == buffer.length) {
        drain();
      }
      buffer[filled++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      if (count > buffer.length - filled) {
        drain();
      }
      if (count > buffer.length) {
        pass(bytes, from, count);
      } else {
        System.arraycopy(bytes, from, buffer, filled, count);
        filled += count;
      }
    }

    private void drain() throws IOException {
      pass(buffer, 0, filled);
      filled = 0;
    }

    /** Writers flush when they are done: then {@link #end} comes. */
    void end() throws IOException {
      drain();
      OutputStream to = out;
      try {
        if (packed != null) {
          packed.finish();
        }
        if (to != null) {
          to.flush();
        }
      } catch (IOException e) {
        isGone = true;
        throw e;
      }
    }

    /** What packs has memory outside of the heap. */
    void free() {
      try {
        if (packed != null) {
          packed.close();
        }
      } catch (IOException e) {
        isGone = true; // there is nobody left to write to
      }
    }
  }
}
