package dev.penstock.sources.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sources.ScanFilter;
import dev.penstock.sources.text.TextBlock;
import dev.penstock.sources.text.TextScan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns blocks of objects into batches.
 *
 * <p>When bad rows are to be skipped every column is converted, so that the same rows come whatever
 * columns are asked for. A row that turns out bad in its middle keeps its place in the columns and
 * is left out by the selection.
 */
final class JsonDecoder implements Source.Decoder {
  private final TextScan<JsonLayout> scan;
  private final Source.Request request;
  private final JsonOptions options;
  private final Field[] fields;
  private final int[] slotOfOutput;
  private final Map<String, Integer> slotOfKey = new HashMap<>();
  private final int maxRows;
  private final ColumnBuilder[] builders;
  private final int[] filledBy;
  private final JsonValue value = new JsonValue();
  private final @Nullable PlainObject plain;
  private final long[] badRows;
  private int badCount;
  private @Nullable JsonRecords records;
  private @Nullable TextBlock block;
  private long delivered;

  JsonDecoder(
      TextScan<JsonLayout> scan, JsonShape shape, JsonOptions options, Source.Request request) {
    this.scan = scan;
    this.request = request;
    this.options = options;
    int[] ordinals =
        options.skipBadRows()
            ? Source.Request.all(shape.schema()).columns()
            : Arrays.stream(request.columns()).distinct().toArray();
    this.fields = new Field[ordinals.length];
    for (int s = 0; s < fields.length; s++) {
      fields[s] = shape.schema().field(ordinals[s]);
      slotOfKey.put(fields[s].name(), s);
    }
    this.slotOfOutput =
        Arrays.stream(request.columns())
            .map(c -> slotOfKey.get(shape.schema().field(c).name()))
            .toArray();
    this.maxRows = Math.min(scan.query().batchRows(), Batch.MAX_ROWS);
    this.builders = new ColumnBuilder[fields.length];
    this.filledBy = new int[fields.length];
    this.badRows = new long[Bits.words(maxRows)];
    this.plain =
        PlainObject.names(shape.schema())
            ? new PlainObject(shape.schema(), slots(shape.schema()), fields.length)
            : null;
  }

  private int[] slots(Schema schema) {
    int[] out = new int[schema.size()];
    for (int c = 0; c < out.length; c++) {
      out[c] = slotOfKey.getOrDefault(schema.field(c).name(), -1);
    }
    return out;
  }

  @Override
  public void begin(Source.Morsel morsel) {
    if (block != null) {
      throw new IllegalStateException("the morsel before is not done");
    }
    TextBlock next = (TextBlock) morsel;
    block = next;
    delivered = 0;
    records = new JsonRecords(next, scan, options.skipBadRows());
  }

  @Override
  public @Nullable Batch next() {
    for (; ; ) {
      TextBlock now = block;
      JsonRecords from = records;
      if (now == null || from == null) {
        return null;
      }
      scan.query().token().check();
      Batch batch = delivered < scan.rowsPerBlock() ? read(from) : null;
      if (batch == null) {
        release(now);
        return null;
      }
      Batch kept = ScanFilter.apply(batch, request.filter());
      kept = ScanFilter.first(kept, scan.rowsPerBlock() - delivered);
      delivered += kept.count();
      if (!kept.isEmpty()) {
        return kept;
      }
    }
  }

  private @Nullable Batch read(JsonRecords from) {
    for (int s = 0; s < builders.length; s++) {
      builders[s] = ColumnBuilder.of(fields[s].type(), maxRows);
    }
    Arrays.fill(filledBy, -1);
    int rows = 0;
    int parsed = 0; // how many come before an object is tried by its bytes again
    int tries = 0;
    while (rows < maxRows) {
      if (plain != null && parsed == 0) {
        int before = rows;
        rows = plainObjects(plain, from, rows);
        tries = rows > before + tries ? 0 : Math.min(tries, 10) + 1;
        parsed = 1 << tries;
        continue;
      }
      if (!from.nextObject()) {
        break;
      }
      object(from, rows);
      fill(rows);
      rows++;
      parsed--;
    }
    if (rows == 0) {
      return null;
    }
    Column[] out = new Column[slotOfOutput.length];
    Column[] built = new Column[builders.length];
    for (int s = 0; s < built.length; s++) {
      built[s] = builders[s].build();
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = built[slotOfOutput[i]];
    }
    Batch batch = Batch.of(rows, out);
    return badCount == 0 ? batch : withoutBadRows(batch);
  }

  /** Objects that need no parser, as far as they come one after the other. */
  private int plainObjects(PlainObject plain, JsonRecords from, int firstRow) {
    TextBlock now = Objects.requireNonNull(block);
    byte[] b = now.bytes();
    int end = now.end();
    int at = from.position();
    int row = firstRow;
    while (row < maxRows && at < end && b[at] == '{') {
      int next = plain.read(b, at);
      if (next < 0) {
        break;
      }
      for (int s = 0; s < builders.length; s++) {
        if (plain.kinds[s] != PlainObject.NULL) {
          plainValue(plain, from, b, s, row);
        }
      }
      fill(row);
      row++;
      at = next;
      while (at < end && (b[at] == '\n' || b[at] == ' ' || b[at] == '\t' || b[at] == '\r')) {
        at++;
      }
    }
    from.moveTo(Math.min(at, end));
    return row;
  }

  private void plainValue(PlainObject plain, JsonRecords from, byte[] b, int slot, int row) {
    ColumnBuilder to = builders[slot];
    DataType type = fields[slot].type();
    byte kind = plain.kinds[slot];
    int start = plain.starts[slot];
    int end = plain.ends[slot];
    boolean fits;
    switch (type.kind()) {
      case JSON -> {
        int quote = kind == PlainObject.TEXT ? 1 : 0;
        to.appendBytes(b, start - quote, end - start + 2 * quote);
        fits = true;
      }
      case BOOLEAN -> {
        fits = kind == PlainObject.TRUTH;
        if (fits) {
          to.appendBoolean(b[start] == 't');
        }
      }
      case VARCHAR -> fits = value.append(to, b, start, end);
      default ->
          fits =
              kind != PlainObject.TRUTH
                  && (kind != PlainObject.NUMBER || type.isNumeric())
                  && value.append(to, b, start, end);
    }
    if (fits) {
      filledBy[slot] = row;
    } else if (options.skipBadRows()) {
      markBad(row);
    } else {
      String got = new String(b, start, end - start, StandardCharsets.UTF_8);
      throw badValue(from.place(start), misfit(slot, "'" + JsonText.shortened(got) + "'"));
    }
  }

  private void fill(int row) {
    for (int s = 0; s < builders.length; s++) {
      if (filledBy[s] != row) {
        builders[s].appendNull();
      }
    }
  }

  private void object(JsonRecords from, int row) {
    int guess = 0;
    try {
      for (String key = from.parser().nextFieldName();
          key != null;
          key = from.parser().nextFieldName()) {
        JsonToken token = from.parser().nextToken();
        int slot = -1;
        // keys mostly come in the order of the columns; the parser interns them, so equals is quick
        if (guess < fields.length && key.equals(fields[guess].name())) {
          slot = guess;
        } else {
          Integer known = slotOfKey.get(key);
          slot = known == null ? -1 : known;
        }
        if (slot < 0) {
          from.parser().skipChildren();
          continue;
        }
        guess = slot + 1;
        if (filledBy[slot] == row) {
          from.parser().skipChildren();
          bad(from, row, "key " + key + " comes twice in one object");
        } else if (from.cell().append(builders[slot])) {
          filledBy[slot] = row;
        } else {
          misfit(from, row, slot, token);
        }
      }
      if (!from.isOnOneLine()) {
        markBad(row);
      }
    } catch (JsonProcessingException e) {
      from.malformed(e);
      markBad(row);
    } catch (IOException e) {
      throw PenstockException.fault("reading an array failed", e);
    }
  }

  private void misfit(JsonRecords from, int row, int slot, JsonToken token) throws IOException {
    if (options.skipBadRows()) {
      markBad(row);
      return;
    }
    String got =
        token == JsonToken.START_OBJECT
            ? "an object"
            : token == JsonToken.START_ARRAY ? "an array" : "'" + from.cell().shown() + "'";
    bad(from, row, misfit(slot, got));
  }

  private String misfit(int slot, String got) {
    String name = fields[slot].name();
    return "column "
        + name
        + ": expected "
        + fields[slot].type()
        + ", got "
        + got
        + "; give :types {"
        + name
        + " :varchar} or :bad-rows :skip";
  }

  private void bad(JsonRecords from, int row, String what) {
    if (!options.skipBadRows()) {
      throw badValue(from.place(), what);
    }
    markBad(row);
  }

  private static PenstockException badValue(String place, String what) {
    return PenstockException.incorrect("bad-value", place + what);
  }

  private void markBad(int row) {
    if (!Bits.get(badRows, row)) {
      Bits.set(badRows, row);
      badCount++;
    }
  }

  private Batch withoutBadRows(Batch batch) {
    int rows = batch.length();
    int[] good = new int[rows];
    int n = 0;
    for (int i = 0; i < rows; i++) {
      if (!Bits.get(badRows, i)) {
        good[n++] = i;
      }
    }
    Arrays.fill(badRows, 0);
    scan.skip(badCount);
    badCount = 0;
    return batch.withSelection(good, n);
  }

  private void release(TextBlock now) {
    JsonRecords from = records;
    if (from != null) {
      from.close();
    }
    records = null;
    block = null;
    now.release(delivered);
  }

  @Override
  public void close() {
    TextBlock now = block;
    if (now != null) {
      release(now);
    }
  }
}
