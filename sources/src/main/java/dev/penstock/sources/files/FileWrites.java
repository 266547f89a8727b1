package dev.penstock.sources.files;

import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Sink;
import dev.penstock.sources.csv.CsvSink;
import dev.penstock.sources.csv.CsvStyle;
import dev.penstock.sources.json.JsonLinesSink;
import dev.penstock.sources.parquet.ParquetSink;
import dev.penstock.sources.text.ByteOutput;
import dev.penstock.sources.text.Compression;
import dev.penstock.sources.text.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows to new files. A file appears, or takes the place of an older one, when it is
 * complete; until then it has a hidden name beside its place.
 *
 * <p>Options: {@code :format} (else by the ending); csv: {@code :delimiter :quote :escape :header
 * :null :quote-all :compression}; json: {@code :array :compression}; parquet: {@code :compression}
 * (none, snappy, zstd) and {@code :row-group-rows}. Any thread; blocks.
 */
public final class FileWrites {
  private static final List<String> CSV =
      List.of(
          "format", "delimiter", "quote", "escape", "header", "null", "quote-all", "compression");
  private static final List<String> JSON = List.of("format", "array", "compression");
  private static final List<String> PARQUET = List.of("format", "compression", "row-group-rows");

  private final Path base;
  private final @Nullable List<Path> roots;

  /**
   * @param base relative paths start there
   * @param roots files outside of these folders are refused; null: none are
   */
  public FileWrites(Path base, @Nullable List<Path> roots) {
    this.base = base;
    this.roots = roots == null ? null : List.copyOf(roots);
  }

  /** Begins a file; what it has by now stays until the sink is finished. */
  public Sink create(
      String text, Map<String, ? extends @Nullable Object> options, Schema schema, Budget budget) {
    Path file = target(text);
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw PenstockException.incorrect(
          "output-folder",
          text
              + ": expected the name of a file, got "
              + (Files.isDirectory(file) ? "a folder" : "what is no ordinary file"));
    }
    return sink(text, file, options, schema, budget);
  }

  /** A path that may be written to, links followed. */
  Path target(String text) {
    try {
      Path file = base.resolve(text);
      file = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath().normalize();
      Path folder = file.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw PenstockException.incorrect(
            "no-such-folder", text + ": cannot be written: its folder does not exist");
      }
      if (!Roots.hold(roots, folder)) {
        throw PenstockException.incorrect(
            "outside-folder", text + ": lies outside of the folder whose files may be written");
      }
      return file;
    } catch (InvalidPathException e) {
      throw new PenstockException(
          PenstockException.Category.INCORRECT, "bad-path", text + ": is no path of a file", e);
    } catch (IOException e) {
      throw PenstockException.io("unwritable", text + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * @param text how messages call the file
   */
  static Sink sink(
      String text,
      Path file,
      Map<String, ? extends @Nullable Object> given,
      Schema schema,
      Budget budget) {
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    given.forEach((k, v) -> options.put(k.startsWith(":") ? k.substring(1) : k, v));
    Options o = new Options(text, options);
    switch (format(text, options.get("format"))) {
      case CSV -> {
        o.allow(CSV);
        CsvStyle style = CsvStyle.parse(text, options);
        return CsvSink.to(ByteOutput.to(file, compression(o, text)), schema, style);
      }
      case JSON -> {
        o.allow(JSON);
        boolean array = Boolean.TRUE.equals(o.flag("array"));
        return JsonLinesSink.to(ByteOutput.to(file, compression(o, text)), schema, array);
      }
      case PARQUET -> {
        o.allow(PARQUET);
        ParquetSink.Compression compression =
            switch (o.choice(
                "compression", "snappy", List.of("none", "uncompressed", "snappy", "zstd"))) {
              case "snappy" -> ParquetSink.Compression.SNAPPY;
              case "zstd" -> ParquetSink.Compression.ZSTD;
              default -> ParquetSink.Compression.NONE;
            };
        int rows = o.count("row-group-rows", ParquetSink.GROUP_ROWS, 1);
        return ParquetSink.create(file, schema, compression, rows, budget);
      }
    }
    throw new IllegalStateException("a format without a sink");
  }

  private static Compression compression(Options o, String text) {
    return Compression.of(o.choice("compression", "auto", Compression.CHOICES), text);
  }

  private static FileFormat format(String text, @Nullable Object asked) {
    if (asked != null) {
      return FileFormat.ofOption(text, asked.toString());
    }
    return FileFormat.ofName(text)
        .orElseThrow(
            () ->
                PenstockException.incorrect(
                    "unknown-format",
                    text
                        + ": the ending does not tell the format (known: "
                        + FileFormat.allEndings()
                        + "); give :format"));
  }
}
