package dev.penstock.sources.csv;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sources.ScanFilter;
import dev.penstock.sources.text.TextBlock;
import dev.penstock.sources.text.TextScan;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns blocks of records into batches.
 *
 * <p>When bad rows are to be skipped every column is parsed, so that the same rows come whatever
 * columns are asked for; otherwise only the requested ones.
 */
final class CsvDecoder implements Source.Decoder {
  private static final int SHOWN_BYTES = 60;

  private final TextScan<CsvLayout> scan;
  private final Schema schema;
  private final Source.Request request;
  private final boolean skipBadRows;
  private final int[] ordinalOfSlot;
  private final int[] slotOfOutput;
  private final CsvTokenizer tokenizer;
  private final CsvColumns columns;
  private final long[] badRows;
  private final long scratch;
  private int badCount;
  private @Nullable TextBlock block;
  private long delivered;
  private boolean closed;

  CsvDecoder(TextScan<CsvLayout> scan, CsvShape shape, CsvOptions options, Source.Request request) {
    this.scan = scan;
    this.schema = shape.schema();
    this.request = request;
    this.skipBadRows = options.skipBadRows();
    this.ordinalOfSlot = CsvLayout.slots(schema, request, skipBadRows);
    this.slotOfOutput = new int[request.columns().length];
    for (int i = 0; i < slotOfOutput.length; i++) {
      for (int s = 0; s < ordinalOfSlot.length; s++) {
        if (ordinalOfSlot[s] == request.columns()[i]) {
          slotOfOutput[i] = s;
        }
      }
    }
    int rows = Math.min(scan.query().batchRows(), Batch.MAX_ROWS);
    this.scratch = CsvTokenizer.scratchBytes(ordinalOfSlot.length, rows);
    scan.memory().grow(scratch);
    this.badRows = new long[Bits.words(rows)];
    this.tokenizer = new CsvTokenizer(shape.dialect(), ordinalOfSlot.length, rows, this::badRecord);
    this.columns = new CsvColumns(options.nulls(), shape.dialect().escape(), this::misfit);
  }

  @Override
  public void begin(Source.Morsel morsel) {
    if (block != null) {
      throw new IllegalStateException("the morsel before is not done");
    }
    TextBlock next = (TextBlock) morsel;
    block = next;
    delivered = 0;
    tokenizer.begin(next, ((CsvLayout) next.layout()).slotOfField());
  }

  @Override
  public @Nullable Batch next() {
    for (; ; ) {
      TextBlock now = block;
      if (now == null) {
        return null;
      }
      scan.query().token().check();
      int rows = delivered < scan.rowsPerBlock() ? tokenizer.next() : 0;
      if (rows == 0) {
        block = null;
        now.release(delivered);
        return null;
      }
      Batch kept = ScanFilter.apply(batch(now, rows), request.filter());
      kept = ScanFilter.first(kept, scan.rowsPerBlock() - delivered);
      delivered += kept.count();
      if (!kept.isEmpty()) {
        return kept;
      }
    }
  }

  private Batch batch(TextBlock now, int rows) {
    Column[] parsed = new Column[ordinalOfSlot.length];
    badCount = 0;
    for (int s = 0; s < parsed.length; s++) {
      parsed[s] = columns.read(schema.type(ordinalOfSlot[s]), now.bytes(), tokenizer, s, rows);
    }
    Column[] out = new Column[slotOfOutput.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = parsed[slotOfOutput[i]];
    }
    Batch batch = Batch.of(rows, out);
    return badCount == 0 ? batch : withoutBadRows(batch);
  }

  private Batch withoutBadRows(Batch batch) {
    int rows = batch.length();
    int[] good = new int[rows];
    int n = 0;
    for (int i = 0; i < rows; i++) {
      good[n] = i;
      n += Bits.get(badRows, i) ? 0 : 1;
    }
    Arrays.fill(badRows, 0);
    scan.skip(badCount);
    return batch.withSelection(good, n);
  }

  private void misfit(int slot, int row) {
    if (skipBadRows) {
      if (!Bits.get(badRows, row)) {
        Bits.set(badRows, row);
        badCount++;
      }
      return;
    }
    TextBlock now = current();
    Field field = schema.field(ordinalOfSlot[slot]);
    int from = tokenizer.starts[slot][row] & CsvTokenizer.OFFSET;
    throw PenstockException.incorrect(
        "bad-value",
        now.file().name()
            + ":"
            + now.line(from)
            + ": column "
            + field.name()
            + ": expected "
            + expected(field.type())
            + ", got '"
            + shown(now.bytes(), from, tokenizer.ends[slot][row])
            + "'; give :types {"
            + field.name()
            + " :varchar} or :bad-rows :skip");
  }

  private static String expected(DataType type) {
    return switch (type.kind()) {
      case DATE -> "a date (1994-01-31)";
      case TIME -> "a time (23:59:59)";
      case TIMESTAMP -> "a timestamp (1994-01-31T23:59:59)";
      case TIMESTAMPTZ -> "a timestamptz (1994-01-31T23:59:59Z)";
      default -> type.toString();
    };
  }

  private void badRecord(int start, int end, String expected) {
    if (skipBadRows) {
      scan.skip(1);
      return;
    }
    TextBlock now = current();
    throw PenstockException.incorrect(
        "bad-row",
        now.file().name()
            + ":"
            + now.line(start)
            + ": expected "
            + expected
            + " in '"
            + shown(now.bytes(), start, end)
            + "'; correct the file or give :bad-rows :skip");
  }

  private TextBlock current() {
    TextBlock now = block;
    if (now == null) {
      throw new IllegalStateException("no morsel");
    }
    return now;
  }

  /** At most so many bytes of the text, on one line. */
  private static String shown(byte[] b, int from, int to) {
    int end = to;
    if (to - from > SHOWN_BYTES) {
      end = from + SHOWN_BYTES;
      while (end > from && (b[end] & 0xC0) == 0x80) {
        end--;
      }
    }
    String text = new String(b, from, end - from, StandardCharsets.UTF_8);
    return text.replace("\r", "\\r").replace("\n", "\\n") + (end < to ? "..." : "");
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    TextBlock now = block;
    if (now != null) {
      block = null;
      now.release(delivered);
    }
    scan.memory().shrink(scratch);
  }
}
