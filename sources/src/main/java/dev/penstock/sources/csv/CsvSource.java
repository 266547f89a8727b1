package dev.penstock.sources.csv;

import dev.penstock.batch.Schema;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.text.Compression;
import dev.penstock.sources.text.TextFile;
import dev.penstock.sources.text.TextScan;
import dev.penstock.sources.text.TextStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CSV files with the same columns, one after another.
 *
 * <p>The first use reads samples (the begin of up to eight files, and six places within a large
 * first one) to find delimiter, header and types, as far as the options do not say them. Files with
 * a header may have their columns in another order.
 *
 * <p>Concurrency: {@code shape} is found once, under the monitor.
 */
public final class CsvSource implements Source {
  private static final int SAMPLE_BYTES = 1 << 20;
  private static final int OTHER_SAMPLE_BYTES = 1 << 17;
  private static final int SAMPLED_FILES = 8;
  private static final int SAMPLED_PLACES = 6;
  private static final int PLACE_SAMPLE_BYTES = 1 << 16;

  private final List<TextFile> files;
  private final CsvOptions options;
  private final Statistics statistics;
  private @Nullable CsvShape shape;

  public CsvSource(List<TextFile> files, CsvOptions options) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no files");
    }
    this.files = List.copyOf(files);
    this.options = options;
    this.statistics = new TextStatistics(this::schema, this.files, this::part);
  }

  /** One file, with the options of a plan. */
  public static CsvSource of(Path path, Map<String, ? extends @Nullable Object> planOptions) {
    CsvOptions options = CsvOptions.parse(path.toString(), planOptions);
    return new CsvSource(List.of(file(path, path.toString(), options)), options);
  }

  /** A file to be read with these options. */
  public static TextFile file(Path path, String name, CsvOptions options) {
    Compression compression = Compression.of(options.compression(), name);
    return new TextFile(path, name, compression, options.charset());
  }

  private synchronized CsvShape shape() {
    CsvShape known = shape;
    if (known == null) {
      List<CsvSample> samples = new ArrayList<>();
      samples.add(CsvSample.begin(files.get(0), SAMPLE_BYTES, options));
      samples.addAll(CsvSample.inside(files.get(0), SAMPLED_PLACES, PLACE_SAMPLE_BYTES));
      int others = Math.min(files.size(), SAMPLED_FILES) - 1;
      for (int i = 1; i <= others; i++) {
        // spread over all the files, the last one included
        TextFile file = files.get((int) ((long) i * (files.size() - 1) / others));
        samples.add(CsvSample.begin(file, OTHER_SAMPLE_BYTES, options));
      }
      known = new CsvSniffer(files.get(0).name(), options).look(samples);
      shape = known;
    }
    return known;
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
    CsvShape s = shape();
    Request all = Request.all(s.schema());
    CsvFormat format =
        inside
            ? new CsvFormat(s.withoutHeader(), options.withoutSkip(), all)
            : new CsvFormat(s, options, all);
    return new TextScan<>(List.of(file), format, blockBytes, all, query);
  }

  /** How rows are to be written that are added to these files. */
  public CsvStyle style() {
    CsvShape s = shape();
    Dialect d = s.dialect();
    return new CsvStyle(
        d.delimiter(),
        d.quote(),
        d.escape(),
        d.comment(),
        s.header(),
        options.nulls().isEmpty() ? "" : options.nulls().get(0),
        false);
  }

  /** Whether the files are UTF-8. */
  public boolean isUtf8() {
    return options.charset().equals(java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public Needs needs(Request request, long capBytes) {
    Needs blocks = TextScan.needs(options.blockBytes(), capBytes);
    int slots = CsvLayout.slots(schema(), request, options.skipBadRows()).length;
    return new Needs(
        blocks.scanBytes(), blocks.laneBytes() + CsvTokenizer.scratchBytes(slots, 2048));
  }

  @Override
  public TextScan<?> open(Request request, QueryContext query) {
    CsvShape s = shape();
    return new TextScan<>(
        files, new CsvFormat(s, options, request), options.blockBytes(), request, query);
  }
}
