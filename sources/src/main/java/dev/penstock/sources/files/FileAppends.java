package dev.penstock.sources.files;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Sink;
import dev.penstock.nodes.Source;
import dev.penstock.sources.FileIdentity;
import dev.penstock.sources.csv.CsvSink;
import dev.penstock.sources.csv.CsvSource;
import dev.penstock.sources.json.JsonLinesSink;
import dev.penstock.sources.json.JsonSource;
import dev.penstock.sources.parquet.ParquetSink;
import dev.penstock.sources.parquet.ParquetSource;
import dev.penstock.sources.text.ByteInput;
import dev.penstock.sources.text.ByteOutput;
import dev.penstock.sources.text.Compression;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds rows to tables that are files: a folder gets one file more, a single CSV file or file of
 * JSON lines is written anew with the rows behind the old ones. Either way all rows appear at once,
 * or none. A Parquet file, a JSON array and a glob are refused.
 *
 * <p>Concurrency: any thread; {@code busy} holds the single files that are being written anew, so
 * that a second writer is refused rather than losing rows of the first.
 */
public final class FileAppends {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSSSSS").withZone(ZoneOffset.UTC);

  private final FileTables tables;
  private final FileWrites writes;
  private final Set<Path> busy = ConcurrentHashMap.newKeySet();

  public FileAppends(FileTables tables, FileWrites writes) {
    this.tables = tables;
    this.writes = writes;
  }

  /**
   * Begins to add rows; they are there when the sink is finished.
   *
   * @param text a folder or a file, as in a plan's {@code table+}
   * @param options those of the table
   * @param rows the columns of the rows: by position, of the types of the table's columns
   */
  public Sink append(
      String text, Map<String, ? extends @Nullable Object> options, Schema rows, Budget budget) {
    Path target = writes.target(text);
    if (!Files.exists(target)) {
      throw PenstockException.unsupported(
          "append", text + ": rows can be added to a folder or a file only, and this is none");
    }
    Map<String, @Nullable Object> plain = new LinkedHashMap<>(options);
    plain.keySet().removeAll(List.of("keys", ":keys")); // they say nothing of the files' form
    Source table = tables.table(text, plain);
    Schema schema = fitting(text, table.schema(), rows);
    return Files.isDirectory(target)
        ? part(text, target, table, schema, budget)
        : behind(text, target, table, schema);
  }

  private static Schema fitting(String text, Schema table, Schema rows) {
    if (table.size() != rows.size()) {
      throw PenstockException.incorrect(
          "column-count",
          text + ": the table has " + table.size() + " columns, got " + rows.size());
    }
    List<Field> fields = new ArrayList<>();
    for (int c = 0; c < table.size(); c++) {
      if (!table.type(c).equals(rows.type(c))) {
        throw PenstockException.incorrect(
            "type-mismatch",
            text
                + ": column "
                + table.field(c).name()
                + " expects "
                + table.type(c)
                + ", got "
                + rows.type(c));
      }
      fields.add(table.field(c));
    }
    return new Schema(fields);
  }

  /** One file more in a folder; names are in the order of time. */
  private static Sink part(String text, Path folder, Source table, Schema schema, Budget budget) {
    String name = "part-" + TIME.format(Instant.now()) + "-" + UUID.randomUUID();
    if (table instanceof ParquetSource) {
      Path file = folder.resolve(name + ".parquet");
      return new NoNulls(text, schema, ParquetSink.create(file, schema, budget));
    }
    if (table instanceof CsvSource csv) {
      refuseUnlessUtf8(text, csv.isUtf8());
      ByteOutput out = ByteOutput.to(folder.resolve(name + ".csv"), Compression.NONE);
      return CsvSink.to(out, schema, csv.style());
    }
    if (table instanceof JsonSource json) {
      refuseUnlessUtf8(text, json.isUtf8());
      ByteOutput out = ByteOutput.to(folder.resolve(name + ".jsonl"), Compression.NONE);
      return JsonLinesSink.to(out, schema, false);
    }
    throw refused(text, "a table of this kind");
  }

  private Sink behind(String text, Path file, Source table, Schema schema) {
    if (table instanceof ParquetSource) {
      throw PenstockException.unsupported(
          "append",
          text + ": rows cannot be added to a Parquet file; make the table a folder of such files");
    }
    if (!(table instanceof CsvSource) && !(table instanceof JsonSource)) {
      throw refused(text, "a table of this kind");
    }
    refuseUnlessUtf8(
        text, table instanceof CsvSource csv ? csv.isUtf8() : ((JsonSource) table).isUtf8());
    if (!busy.add(file)) {
      throw PenstockException.incorrect(
          "file-busy", text + ": rows are being added by another query; try again after it");
    }
    Behind sink = new Behind(text, file);
    try {
      sink.begin(table, schema);
      return sink;
    } catch (RuntimeException | Error e) {
      sink.close();
      throw e;
    }
  }

  private static void refuseUnlessUtf8(String text, boolean utf8) {
    if (!utf8) {
      throw refused(text, "a text that is not UTF-8");
    }
  }

  private static PenstockException refused(String text, String what) {
    return PenstockException.unsupported("append", text + ": rows cannot be added to " + what);
  }

  /** The old bytes, then the rows, in a file that takes the place of the old one. */
  private final class Behind implements Sink {
    private static final int BLOCK = 1 << 16;

    private final String text;
    private final Path file;
    private @Nullable FileIdentity before;
    private @Nullable ByteOutput out;
    private @Nullable Sink sink;

    Behind(String text, Path file) {
      this.text = text;
      this.file = file;
    }

    void begin(Source table, Schema schema) {
      before = identity();
      Compression compression = Compression.ofName(file.toString());
      ByteOutput into = ByteOutput.to(file, compression);
      out = into;
      boolean empty = copy(into, compression, table instanceof JsonSource);
      sink =
          table instanceof CsvSource csv
              ? CsvSink.to(into, schema, csv.style().withHeader(empty && csv.style().header()))
              : JsonLinesSink.to(into, schema, false);
    }

    /** The file's bytes, ended by a line end; returns whether there were none. */
    private boolean copy(ByteOutput into, Compression compression, boolean json) {
      try (ByteInput in = ByteInput.open(file, text, compression, StandardCharsets.UTF_8)) {
        byte[] block = new byte[BLOCK];
        boolean empty = true;
        byte last = '\n';
        boolean begun = false;
        for (int n = in.read(block, 0, BLOCK); n > 0; n = in.read(block, 0, BLOCK)) {
          for (int i = 0; json && !begun && i < n; i++) {
            begun = block[i] == '{' || block[i] == '[';
            if (begun && block[i] == '[') {
              throw refused(text, "a JSON array; one object a line is expected");
            }
          }
          into.put(block, 0, n);
          last = block[n - 1];
          empty = false;
        }
        if (last != '\n') {
          into.put('\n');
        }
        return empty;
      }
    }

    private FileIdentity identity() {
      try {
        return FileIdentity.of(file);
      } catch (IOException e) {
        throw PenstockException.io("unreadable", text + ": cannot be read: " + e.getMessage(), e);
      }
    }

    @Override
    public void write(Batch batch) {
      java.util.Objects.requireNonNull(sink).write(batch);
    }

    @Override
    public void finish() {
      if (!identity().hasSameBytes(java.util.Objects.requireNonNull(before))) {
        throw PenstockException.incorrect(
            "file-changed", text + ": it was changed while rows were added; try again");
      }
      java.util.Objects.requireNonNull(sink).finish();
    }

    @Override
    public void close() {
      try {
        if (sink != null) {
          sink.close();
        } else if (out != null) {
          out.close();
        }
      } finally {
        busy.remove(file);
      }
    }
  }
}
