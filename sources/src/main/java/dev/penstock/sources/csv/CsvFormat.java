package dev.penstock.sources.csv;

import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sources.text.Splitter;
import dev.penstock.sources.text.TextFile;
import dev.penstock.sources.text.TextFormat;
import dev.penstock.sources.text.TextScan;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** CSV, as one scan reads it. */
final class CsvFormat implements TextFormat<CsvLayout> {
  private final CsvShape shape;
  private final CsvOptions options;
  private final Source.Request request;
  private final int[] slotOfOrdinal;

  CsvFormat(CsvShape shape, CsvOptions options, Source.Request request) {
    this.shape = shape;
    this.options = options;
    this.request = request;
    this.slotOfOrdinal = new int[shape.schema().size()];
    Arrays.fill(slotOfOrdinal, -1);
    int[] ordinals = CsvLayout.slots(shape.schema(), request, options.skipBadRows());
    for (int s = 0; s < ordinals.length; s++) {
      slotOfOrdinal[ordinals[s]] = s;
    }
  }

  @Override
  public Splitter splitter(CsvLayout layout) {
    return new RecordSplitter(shape.dialect());
  }

  @Override
  public @Nullable Head<CsvLayout> head(TextFile file, byte[] b, int from, int to, boolean whole) {
    int at = SampleRows.afterLines(b, from, to, options.skip());
    if (at == to && !whole) {
      return null;
    }
    if (!shape.header()) {
      return new Head<>(at, layout(shape.names()));
    }
    SampleRows first = SampleRows.read(b, at, to, whole, shape.dialect(), 1);
    if (first.rows().isEmpty()) {
      return whole ? new Head<>(to, layout(shape.names())) : null;
    }
    if (!options.columns().isEmpty()) {
      return new Head<>(first.end(), layout(shape.names()));
    }
    List<String> names = CsvSniffer.names(b, first.rows().get(0), shape.dialect());
    if (!new TreeSet<>(names).equals(new TreeSet<>(shape.names()))) {
      throw PenstockException.incorrect(
          "other-columns",
          file.name()
              + ":1: expected the columns of the first file, "
              + String.join(" ", shape.names())
              + ", got "
              + String.join(" ", names));
    }
    return new Head<>(first.end(), layout(names));
  }

  private CsvLayout layout(List<String> names) {
    int[] slots = new int[shape.width()];
    Arrays.fill(slots, -1);
    for (int f = 0; f < names.size(); f++) {
      slots[f] = slotOfOrdinal[shape.schema().indexOf(names.get(f))];
    }
    return new CsvLayout(slots);
  }

  @Override
  public Source.Decoder decoder(TextScan<CsvLayout> scan) {
    return new CsvDecoder(scan, shape, options, request);
  }
}
