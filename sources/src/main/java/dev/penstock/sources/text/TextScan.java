package dev.penstock.sources.text;

import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.ScanMeter;
import dev.penstock.nodes.Source;
import dev.penstock.sources.CountsSkipped;
import dev.penstock.sources.RowLimit;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Cuts files of text, one after another, into blocks of whole records.
 *
 * <pre>
 * block        [ carried over | read now ............ | sentinel ]
 * morsel       [ records ......................... end)[ the begin of a record: carried into the next block ]
 * </pre>
 *
 * <p>A record longer than a block makes the block grow. Blocks are used again: the first touch of
 * new memory is slow.
 *
 * <p>Concurrency: the fields without a note belong to {@link #next}, which is under the monitor.
 * {@code closed} and {@code input} are volatile: {@link #close} closes the input from any thread,
 * which ends a read, then takes the monitor. {@code free} and {@code skipped} are concurrent;
 * decoders give back blocks and count on them.
 */
public final class TextScan<L> implements Source.Scan, ScanMeter, CountsSkipped {
  private static final int MAX_RECORD_BYTES = 1 << 28;
  private static final int FIRST_BLOCK_WITH_LIMIT = 1 << 16;

  private final List<TextFile> files;
  private final TextFormat<L> format;
  private final QueryContext query;
  private static final int SMALL_BLOCK = 64 << 10;

  private final int blockBytes;
  private final RowLimit limit;
  private final Reservation memory;
  private final ConcurrentLinkedQueue<byte[]> free = new ConcurrentLinkedQueue<>();
  private final LongAdder skipped = new LongAdder();
  private final Object room = new Object();
  private final Runnable wake = this::wakeReader;
  private final long totalBytes;
  private volatile boolean closed;
  private volatile @Nullable ByteInput input;
  private volatile long doneBytes;
  private volatile long readBlocks;

  private int outstanding; // blocks that decoders have; under room

  private int file;
  private int blocks;
  private int target;
  private byte[] block = {};
  private int have;
  private int start; // of the first record in the block
  private long line;
  private @Nullable L layout;
  private @Nullable Splitter splitter;

  public TextScan(
      List<TextFile> files,
      TextFormat<L> format,
      int blockBytes,
      Source.Request request,
      QueryContext query) {
    this.files = files;
    this.format = format;
    this.query = query;
    this.blockBytes = blockBytes(blockBytes, query.budget().pathCapBytes());
    this.limit = new RowLimit(request.limit());
    this.target =
        request.limit() < 0 ? this.blockBytes : Math.min(this.blockBytes, FIRST_BLOCK_WITH_LIMIT);
    this.memory = query.budget().open("blocks of " + files.get(0).name());
    long total = 0;
    for (TextFile f : files) {
      total += f.path().toFile().length();
    }
    this.totalBytes = total;
  }

  /** A block is at most a 64th of the cap, but not tiny. */
  private static int blockBytes(int wanted, long capBytes) {
    return (int) Math.min(wanted, Math.max(SMALL_BLOCK, capBytes / 64));
  }

  /** What a scan needs: the block that is read, that which begins with its rest, one a lane. */
  public static Source.Needs needs(int wantedBlockBytes, long capBytes) {
    int block = blockBytes(wantedBlockBytes, capBytes);
    return new Source.Needs(2L * block, 2L * block);
  }

  @Override
  public synchronized @Nullable TextBlock next() {
    try {
      return read();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private @Nullable TextBlock read() {
    for (; ; ) {
      query.token().check();
      if (closed || limit.reached()) {
        return null;
      }
      ByteInput in = input;
      if (in == null) {
        if (file == files.size()) {
          return null;
        }
        in = files.get(file).open();
        input = in;
        if (closed) {
          in.close();
          return null;
        }
        begin(in);
      }
      boolean whole = fill(in);
      if (closed) {
        return null;
      }
      Splitter s = splitter == null ? head(whole) : splitter;
      int end = s == null ? start : s.advance(block, have);
      if (whole && s != null) {
        end = have;
        atEnd(s);
      }
      if (end <= start && !whole) {
        grow();
        continue;
      }
      TextBlock morsel = end > start ? cut(end, whole) : null;
      if (whole) {
        endFile(in);
      }
      if (morsel != null) {
        return morsel;
      }
    }
  }

  private void begin(ByteInput in) {
    TextFile f = files.get(file);
    line = 1;
    have = 0;
    start = 0;
    splitter = null;
    layout = null;
    boolean small = f.compression() == Compression.NONE && in.rawSize() + 2 < target;
    block = take(small ? (int) in.rawSize() + 2 : target);
  }

  /** Reads until the block is full, less the sentinel's byte; true at the end of the file. */
  private boolean fill(ByteInput in) {
    int wanted = block.length - 1 - have;
    int n = in.read(block, have, wanted);
    have += n;
    return n < wanted;
  }

  /** Finds where the first record begins; null when more bytes are needed for that. */
  private @Nullable Splitter head(boolean whole) {
    TextFile f = files.get(file);
    int from = ByteOrderMark.after(f, block, have);
    TextFormat.Head<L> head = format.head(f, block, from, have, whole);
    if (head == null) {
      if (whole) {
        throw new IllegalStateException("no head in a whole file");
      }
      return null;
    }
    layout = head.layout();
    Splitter s = format.splitter(head.layout());
    s.reset(head.from());
    splitter = s;
    start = head.from();
    line += ByteScan.lines(block, 0, start);
    return s;
  }

  private void atEnd(Splitter s) {
    String missing = s.missingAtEnd();
    if (missing != null) {
      throw PenstockException.incorrect(
          "truncated-file",
          files.get(file).name() + ": expected " + missing + " before the end of the file");
    }
  }

  private void grow() {
    if (block.length >= MAX_RECORD_BYTES) {
      throw PenstockException.limit(
          "record-too-long",
          files.get(file).name()
              + ":"
              + line
              + ": a record of more than 256 MiB; is a quote or a bracket not closed?");
    }
    byte[] longer = take((int) Math.min(MAX_RECORD_BYTES, Math.max(64, block.length * 2L)));
    System.arraycopy(block, 0, longer, 0, have);
    give(block);
    block = longer;
  }

  private TextBlock cut(int end, boolean whole) {
    byte[] full = block;
    int from = start;
    long firstLine = line;
    L l = layout;
    if (l == null) {
      throw new IllegalStateException("a block before the head");
    }
    if (whole) {
      block = new byte[0];
    } else {
      line += ByteScan.lines(full, from, end);
      target = Math.min(blockBytes, target * 2);
      int rest = have - end;
      block = take(Math.max(target, rest + 64));
      System.arraycopy(full, end, block, 0, rest);
      have = rest;
      start = 0;
      Splitter s = splitter;
      if (s != null) {
        s.reset(0);
      }
    }
    synchronized (room) {
      outstanding++;
    }
    long before = readBlocks;
    readBlocks = before + 1;
    return new TextBlock(this, full, from, end, firstLine, files.get(file), l, blocks++);
  }

  private void endFile(ByteInput in) {
    if (block.length > 0) {
      give(block);
      block = new byte[0];
    }
    long before = doneBytes;
    doneBytes = before + in.rawSize();
    input = null;
    in.close();
    file++;
  }

  /**
   * A block, reserved. Waits for decoders to give blocks back when the budget is full; LIMIT when
   * there is none to wait for.
   */
  private byte[] take(int size) {
    byte[] used = size == blockBytes ? free.poll() : null;
    if (used != null) {
      return used;
    }
    if (!memory.tryGrow(size)) {
      query.token().onCancel(wake);
      try {
        return await(size);
      } finally {
        query.token().removeListener(wake);
      }
    }
    return new byte[size];
  }

  private byte[] await(int size) {
    synchronized (room) {
      for (; ; ) {
        query.token().check();
        byte[] used = size == blockBytes ? free.poll() : null;
        if (used != null) {
          return used;
        }
        if (closed || memory.tryGrow(size)) {
          return new byte[size]; // of a closed scan nobody gets to see it
        }
        if (outstanding == 0) {
          memory.grow(size);
          return new byte[size];
        }
        try {
          room.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new PenstockException(
              PenstockException.Category.CANCELLED,
              "cancelled",
              "the thread that reads " + files.get(file).name() + " was interrupted",
              e);
        }
      }
    }
  }

  private void wakeReader() {
    synchronized (room) {
      room.notifyAll();
    }
  }

  private void give(byte[] b) {
    if (b.length == blockBytes && !closed) {
      free.add(b);
    } else {
      memory.shrink(b.length);
    }
  }

  void released(byte[] b, int number, long rows) {
    limit.finished(number, rows);
    give(b);
    synchronized (room) {
      outstanding--;
      room.notifyAll();
    }
  }

  @Override
  public Source.Decoder decoder() {
    return format.decoder(this);
  }

  public QueryContext query() {
    return query;
  }

  /** Rows that one block need deliver at most. */
  public long rowsPerBlock() {
    return limit.perMorsel();
  }

  /** What blocks and decoders of this scan hold. */
  public Reservation memory() {
    return memory;
  }

  public void skip(long rows) {
    skipped.add(rows);
  }

  @Override
  public long skippedRows() {
    return skipped.sum();
  }

  @Override
  public void close() {
    closed = true;
    wakeReader();
    ByteInput in = input;
    if (in != null) {
      in.close();
    }
    synchronized (this) {
      ByteInput late = input;
      if (late != null) {
        late.close();
        input = null;
      }
      block = new byte[0];
    }
    free.clear();
    memory.close();
  }

  /** Of the files as they are stored; a file whose reading was ended early counts to its end. */
  @Override
  public long readBytes() {
    ByteInput in = input;
    return doneBytes + (in == null ? 0 : in.rawPosition());
  }

  @Override
  public long readPieces() {
    return readBlocks;
  }

  @Override
  public long skippedPieces() {
    return 0;
  }

  @Override
  public String pieces() {
    return "blocks";
  }

  @Override
  public double progress() {
    return totalBytes == 0 ? 1 : Math.min(1.0, (double) readBytes() / totalBytes);
  }
}
