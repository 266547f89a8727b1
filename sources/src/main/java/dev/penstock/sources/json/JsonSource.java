package dev.penstock.sources.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.text.ByteInput;
import dev.penstock.sources.text.ByteOrderMark;
import dev.penstock.sources.text.ByteScan;
import dev.penstock.sources.text.Compression;
import dev.penstock.sources.text.TextFile;
import dev.penstock.sources.text.TextScan;
import dev.penstock.sources.text.TextStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files of JSON objects: one a line, in a row, or in one array. A key is a column; a missing key is
 * null.
 *
 * <p>The first use reads samples (the begin of up to eight files) to find the keys, in the order in
 * which they come, and their types. A key that no sample has is not seen, unless {@code :types}
 * names it.
 *
 * <p>Concurrency: {@code shape} is found once, under the monitor.
 */
public final class JsonSource implements Source {
  private static final int SAMPLE_BYTES = 1 << 20;
  private static final int OTHER_SAMPLE_BYTES = 1 << 17;
  private static final int SAMPLED_FILES = 8;
  private static final int MAX_SAMPLE_BYTES = 1 << 28;

  private final List<TextFile> files;
  private final JsonOptions options;
  private final Statistics statistics;
  private @Nullable JsonShape shape;

  public JsonSource(List<TextFile> files, JsonOptions options) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no files");
    }
    this.files = List.copyOf(files);
    this.options = options;
    this.statistics = new TextStatistics(this::schema, this.files, this::part);
  }

  /** One file, with the options of a plan. */
  public static JsonSource of(Path path, Map<String, ? extends @Nullable Object> planOptions) {
    JsonOptions options = JsonOptions.parse(path.toString(), planOptions);
    return new JsonSource(List.of(file(path, path.toString(), options)), options);
  }

  /** A file to be read with these options. */
  public static TextFile file(Path path, String name, JsonOptions options) {
    return new TextFile(path, name, Compression.of(options.compression(), name), options.charset());
  }

  private synchronized JsonShape shape() {
    JsonShape known = shape;
    if (known == null) {
      Map<String, JsonGuess> guesses = new LinkedHashMap<>();
      sample(files.get(0), SAMPLE_BYTES, guesses);
      int others = Math.min(files.size(), SAMPLED_FILES) - 1;
      for (int i = 1; i <= others; i++) {
        int at = (int) ((long) i * (files.size() - 1) / others);
        sample(files.get(at), OTHER_SAMPLE_BYTES, guesses);
      }
      known = shape(guesses);
      shape = known;
    }
    return known;
  }

  private JsonShape shape(Map<String, JsonGuess> guesses) {
    List<Field> fields = new ArrayList<>();
    guesses.forEach(
        (key, guess) -> {
          DataType given = options.types().get(key);
          fields.add(new Field(key, given == null ? guess.type() : given));
        });
    options
        .types()
        .forEach(
            (key, type) -> {
              if (!guesses.containsKey(key)) {
                fields.add(new Field(key, type));
              }
            });
    if (fields.isEmpty()) {
      throw PenstockException.incorrect(
          "empty-file",
          files.get(0).name() + " holds no objects with keys: name the columns by :types {...}");
    }
    return JsonShape.of(new Schema(fields));
  }

  private void sample(TextFile file, int bytes, Map<String, JsonGuess> guesses) {
    byte[] b = new byte[bytes];
    int have = 0;
    try (ByteInput in = file.open()) {
      for (; ; ) {
        have += in.read(b, have, b.length - have);
        boolean whole = have < b.length;
        int from = ByteOrderMark.after(file, b, have);
        JsonLayout.Begin begin = JsonLayout.of(file, b, from, have, whole);
        if (begin != null) {
          JsonSplitter splitter = new JsonSplitter(begin.layout());
          splitter.reset(begin.from());
          int end = splitter.advance(b, have);
          if (end > begin.from() || whole) {
            learn(file, b, begin.from(), whole ? have : end, guesses);
            return;
          }
        }
        if (b.length >= MAX_SAMPLE_BYTES) {
          throw PenstockException.limit(
              "record-too-long", file.name() + ": the first object is longer than 256 MiB");
        }
        b = Arrays.copyOf(b, b.length * 4);
      }
    }
  }

  /**
   * Takes keys and types of the objects; stops at the first that is malformed, which is the scan's
   * to report.
   */
  private void learn(TextFile file, byte[] b, int from, int to, Map<String, JsonGuess> guesses) {
    int rows = 0;
    try (JsonParser parser = JsonText.parser(b, from, to)) {
      while (rows < options.sampleRows() && parser.nextToken() == JsonToken.START_OBJECT) {
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
          parser.nextToken();
          guesses.computeIfAbsent(key, k -> new JsonGuess()).add(parser);
          parser.skipChildren();
        }
        rows++;
      }
    } catch (IOException e) {
      if (rows == 0 && guesses.isEmpty() && !options.skipBadRows()) {
        throw PenstockException.incorrect(
            "bad-row",
            file.name()
                + ":"
                + (1 + ByteScan.lines(b, 0, from))
                + ": malformed JSON: "
                + JsonText.problem(e));
      }
    }
  }

  @Override
  public Schema schema() {
    return shape().schema();
  }

  @Override
  public Statistics statistics() {
    return statistics;
  }

  private TextScan<?> part(TextFile file, boolean inside, int blockBytes, QueryContext query) {
    JsonShape s = shape();
    Request all = Request.all(s.schema());
    return new TextScan<>(List.of(file), new JsonFormat(s, options, all), blockBytes, all, query);
  }

  /** Whether the files are UTF-8. */
  public boolean isUtf8() {
    return options.charset().equals(java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public Needs needs(Request request, long capBytes) {
    return TextScan.needs(options.blockBytes(), capBytes);
  }

  @Override
  public TextScan<?> open(Request request, QueryContext query) {
    JsonShape s = shape();
    return new TextScan<>(
        files, new JsonFormat(s, options, request), options.blockBytes(), request, query);
  }
}
