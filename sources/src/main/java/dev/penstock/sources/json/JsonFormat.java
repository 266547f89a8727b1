package dev.penstock.sources.json;

import dev.penstock.nodes.Source;
import dev.penstock.sources.text.Splitter;
import dev.penstock.sources.text.TextFile;
import dev.penstock.sources.text.TextFormat;
import dev.penstock.sources.text.TextScan;
import org.jspecify.annotations.Nullable;

/** JSON, as one scan reads it. */
record JsonFormat(JsonShape shape, JsonOptions options, Source.Request request)
    implements TextFormat<JsonLayout> {
  @Override
  public Splitter splitter(JsonLayout layout) {
    return new JsonSplitter(layout);
  }

  @Override
  public @Nullable Head<JsonLayout> head(TextFile file, byte[] b, int from, int to, boolean whole) {
    JsonLayout.Begin begin = JsonLayout.of(file, b, from, to, whole);
    return begin == null ? null : new Head<>(begin.from(), begin.layout());
  }

  @Override
  public Source.Decoder decoder(TextScan<JsonLayout> scan) {
    return new JsonDecoder(scan, shape, options, request);
  }
}
