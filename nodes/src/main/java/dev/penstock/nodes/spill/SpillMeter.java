package dev.penstock.nodes.spill;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.buffer.spill.SpillSpace;
import dev.penstock.monitor.CancellationToken;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A view of the engine's spill space that counts what one operator writes and reads there.
 *
 * <p>Concurrency: adders; the files are those of the space.
 */
public final class SpillMeter implements SpillSpace {
  private final SpillSpace space;
  private final LongAdder raw = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final LongAdder held = new LongAdder();
  private final LongAdder blocksRead = new LongAdder();

  public SpillMeter(SpillSpace space) {
    this.space = space;
  }

  /** The space itself, for files of another kind; what goes there is not counted here. */
  public SpillSpace space() {
    return space;
  }

  @Override
  public SpillFile create(String what, CancellationToken token) {
    return new Metered(what, space.create(what, token));
  }

  @Override
  public long writtenRawBytes() {
    return raw.sum();
  }

  @Override
  public long writtenBytes() {
    return written.sum();
  }

  @Override
  public long heldBytes() {
    return held.sum();
  }

  /** Blocks read back. */
  public long blocksRead() {
    return blocksRead.sum();
  }

  /** Nothing: the space is the engine's. */
  @Override
  public void close() {}

  private final class Metered implements SpillFile {
    private final String what;
    private final SpillFile file;
    private @Nullable SpillEvent event;
    private long size;
    private long rawSize;

    Metered(String what, SpillFile file) {
      this.what = what;
      this.file = file;
    }

    @Override
    public long write(Batch batch) {
      if (event == null) {
        event = new SpillEvent();
        event.begin();
      }
      long handle = file.write(batch);
      long sizeNow = file.sizeBytes();
      long rawNow = file.rawBytes();
      written.add(sizeNow - size);
      held.add(sizeNow - size);
      raw.add(rawNow - rawSize);
      size = sizeNow;
      rawSize = rawNow;
      return handle;
    }

    @Override
    public Batch read(long handle) {
      blocksRead.increment();
      return file.read(handle);
    }

    @Override
    public long readBytes(long handle) {
      return file.readBytes(handle);
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public long rawBytes() {
      return file.rawBytes();
    }

    @Override
    public void seal() {
      file.seal();
    }

    @Override
    public void close() {
      SpillEvent e = event;
      event = null;
      if (e != null && e.shouldCommit()) {
        e.what = what;
        e.rawBytes = rawSize;
        e.writtenBytes = size;
        e.commit();
      }
      held.add(-size);
      size = 0;
      file.close();
    }

    @Override
    public @Nullable String where() {
      return file.where();
    }
  }
}
