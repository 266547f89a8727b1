package dev.penstock.sources.json;

import dev.penstock.batch.DataType;
import dev.penstock.sources.text.Charsets;
import dev.penstock.sources.text.Compression;
import dev.penstock.sources.text.Options;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How JSON is to be read.
 *
 * @param types types of some keys; the others are guessed. A key that no sample has becomes a
 *     column, too
 * @param skipBadRows leave out and count rows that do not fit, rather than fail
 * @param sampleRows rows by which keys and types are found
 * @param charset of the file; anything but UTF-8 is converted while reading
 * @param compression of the file: auto (by the ending), none, gzip, zstd
 * @param blockBytes bytes that a morsel aims at
 */
public record JsonOptions(
    Map<String, DataType> types,
    boolean skipBadRows,
    int sampleRows,
    Charset charset,
    String compression,
    int blockBytes) {

  /** The names of the options in a plan. */
  public static final List<String> NAMES =
      List.of(
          "types", "bad-rows", "sample-rows", "encoding", "compression", "block-bytes", "format");

  /**
   * Reads the options of a plan.
   *
   * @param where the table, for messages
   */
  public static JsonOptions parse(String where, Map<String, ? extends @Nullable Object> plan) {
    Options o = new Options(where, plan);
    o.allow(NAMES);
    return new JsonOptions(
        o.types("types"),
        o.choice("bad-rows", "fail", List.of("fail", "skip")).equals("skip"),
        o.count("sample-rows", 20_480, 1),
        Charsets.of(where, o.text("encoding")),
        o.choice("compression", "auto", Compression.CHOICES),
        o.count("block-bytes", 1 << 20, 16));
  }
}
