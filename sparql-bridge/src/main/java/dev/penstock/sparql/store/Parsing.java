package dev.penstock.sparql.store;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of some inputs, in their order. Each input that is lines is cut at line ends into
 * pieces that several threads parse; of any other, one thread parses ahead.
 *
 * <p>Concurrency: {@link #get} and {@link #close} belong to one thread at a time. A chunk goes from
 * a thread that parses to the caller through a blocking queue. Threads that parse stop by an
 * interrupt or the token, and are waited for in {@link #close}.
 */
final class Parsing implements TripleStore.Chunks {
  /** About how much heap the chunk of a piece takes, for each byte of it. */
  private static final int HEAP_FOR_BYTE = 6;

  private static final int LEAST_PIECE = 1 << 12;
  private static final int AHEAD = 2;
  private static final Chunk END = new Chunk();

  private final List<Input> inputs;
  private final LoadOptions options;
  private final CancellationToken token;
  private final long chunkBytes;
  private final int threads;
  private final ExecutorService pool;
  private final AtomicLong readBytes = new AtomicLong();
  private final ArrayDeque<Part> parts = new ArrayDeque<>();
  private int input;
  private @Nullable Lines lines;

  /** A part of an input that is parsed: its chunks, then END; or its failure. */
  private record Part(BlockingQueue<Chunk> chunks, Future<?> work) {}

  Parsing(List<Input> inputs, LoadOptions options, long chunkBytes, int threads) {
    this.inputs = inputs;
    this.options = options;
    this.token = options.token();
    this.chunkBytes = chunkBytes;
    this.threads = threads;
    this.pool =
        Executors.newFixedThreadPool(
            threads,
            r -> {
              Thread t = new Thread(r, "penstock-parse");
              t.setDaemon(true);
              return t;
            });
  }

  /** Chunks that may be alive at once, beside those that were given. */
  static int alive(int threads) {
    return threads + AHEAD + 1;
  }

  @Override
  public long readBytes() {
    return readBytes.get();
  }

  /** The next chunk, which may be empty, or null at the end. Blocking. */
  @Override
  public @Nullable Chunk get() {
    for (; ; ) {
      while (parts.size() < threads + 1 && begin()) {
        token.check();
      }
      Part first = parts.peek();
      if (first == null) {
        return null;
      }
      Chunk chunk = take(first);
      if (chunk != END) {
        return chunk;
      }
      parts.remove();
    }
  }

  private Chunk take(Part part) {
    try {
      for (; ; ) {
        token.check();
        Chunk chunk = part.chunks().poll(20, TimeUnit.MILLISECONDS);
        if (chunk == END) {
          part.work().get();
        }
        if (chunk != null) {
          return chunk;
        }
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException r) {
        throw r;
      }
      if (cause instanceof Error r) {
        throw r;
      }
      throw PenstockException.fault("parsing failed: " + cause, cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PenstockException(
          PenstockException.Category.CANCELLED, "cancelled", "the load was interrupted", e);
    }
  }

  /** Begins to parse one part more; false when there is none, or it has to wait. */
  private boolean begin() {
    Lines now = lines;
    if (now != null) {
      byte[] piece = now.next();
      if (piece != null) {
        long before = now.lineBefore;
        int length = now.length;
        Input of = now.of;
        UUID blanks = now.blanks;
        start(of, blanks, p -> p.readLines(piece, length, options.skipBad(), before));
        now.lineBefore += Parser.count(piece, 0, length);
        return true;
      }
      now.close();
      lines = null;
    }
    if (input == inputs.size()) {
      return false;
    }
    Input in = inputs.get(input);
    UUID blanks = UUID.randomUUID();
    if (in.isLines()) {
      input++;
      lines = new Lines(in, blanks);
      return true;
    }
    if (!parts.isEmpty()) {
      return false; // one at a time: its queue holds what is ahead
    }
    input++;
    start(
        in,
        blanks,
        parser -> {
          try (InputStream bytes = in.open(readBytes)) {
            parser.read(bytes);
          } catch (IOException e) {
            throw Input.cannotRead(in.where(), e);
          }
        });
    return true;
  }

  private void start(Input of, UUID blanks, Consumer<Parser> work) {
    BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(AHEAD);
    Consumer<Chunk> out =
        c -> {
          try {
            chunks.put(c);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
          }
        };
    Parser parser = new Parser(of, blanks, options.graph(), chunkBytes, token, out);
    Runnable all =
        () -> {
          try {
            work.accept(parser);
          } finally {
            out.accept(END);
          }
        };
    parts.add(new Part(chunks, pool.submit(all)));
  }

  /** Cuts an input at line ends. */
  private final class Lines implements AutoCloseable {
    private final Input of;
    private final UUID blanks;
    private final InputStream in;
    private byte[] rest = new byte[0];
    private boolean ended;
    private int length;
    private long lineBefore;

    Lines(Input of, UUID blanks) {
      this.of = of;
      this.blanks = blanks;
      try {
        this.in = of.open(readBytes);
      } catch (IOException e) {
        throw Input.cannotRead(of.where(), e);
      }
    }

    /** The next lines, {@link #length} bytes; null at the end. */
    byte @Nullable [] next() {
      int size = (int) Math.max(LEAST_PIECE, Math.min(1 << 21, chunkBytes / HEAP_FOR_BYTE));
      byte[] piece = Arrays.copyOf(rest, Math.max(size, rest.length));
      int filled = rest.length;
      try {
        for (; ; ) {
          while (!ended && filled < piece.length) {
            int got = in.readNBytes(piece, filled, piece.length - filled);
            filled += got;
            ended = filled < piece.length;
          }
          if (ended) {
            rest = new byte[0];
            length = filled;
            return filled == 0 ? null : piece;
          }
          int end = filled;
          while (end > 0 && piece[end - 1] != '\n') {
            end--;
          }
          if (end > 0) {
            rest = Arrays.copyOfRange(piece, end, filled);
            length = end;
            return piece;
          }
          piece = Arrays.copyOf(piece, longer(piece.length)); // one line is longer than all this
        }
      } catch (IOException e) {
        token.check(); // who cancels may interrupt the reading
        throw Input.cannotRead(of.where(), e);
      }
    }

    private int longer(int now) {
      if (now > Integer.MAX_VALUE / 4) {
        throw PenstockException.limit(
            "rdf-line", of.where() + ": a line has more than " + now + " bytes");
      }
      return 2 * now;
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw Input.cannotRead(of.where(), e);
      }
    }
  }

  /** Ends the threads, and waits for them. */
  @Override
  public void close() {
    pool.shutdownNow();
    Lines open = lines;
    if (open != null) {
      open.close();
    }
    boolean interrupted = false;
    for (; ; ) {
      try {
        if (pool.awaitTermination(1, TimeUnit.SECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
