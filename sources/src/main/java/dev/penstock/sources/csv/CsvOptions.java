package dev.penstock.sources.csv;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.Charsets;
import dev.penstock.sources.text.Compression;
import dev.penstock.sources.text.Options;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a CSV file is to be read; what is left out is found by looking at the file.
 *
 * @param delimiter ASCII character between fields, or -1: one of {@code , ; | tab}, by sample
 * @param quote ASCII character around fields, or -1: fields are never quoted
 * @param escape ASCII character before a quote inside a quoted field; equal to quote: quotes are
 *     doubled
 * @param header is the first record the column names; null: by sample
 * @param nulls texts that mean null, besides the empty unquoted field
 * @param types types of some columns, by name; the others are guessed
 * @param columns column names; empty: from the header, or column0, column1, ...
 * @param skip lines at the beginning of each file that are not looked at
 * @param comment ASCII character that begins lines to leave out, or -1
 * @param skipBadRows leave out and count rows that do not fit, rather than fail
 * @param sampleRows rows by which types are guessed
 * @param charset of the file; anything but UTF-8 is converted while reading
 * @param compression of the file: auto (by the ending), none, gzip, zstd
 * @param blockBytes bytes that a morsel aims at
 */
public record CsvOptions(
    int delimiter,
    int quote,
    int escape,
    @Nullable Boolean header,
    List<String> nulls,
    Map<String, DataType> types,
    List<String> columns,
    int skip,
    int comment,
    boolean skipBadRows,
    int sampleRows,
    Charset charset,
    String compression,
    int blockBytes) {

  /** The names of the options in a plan. */
  public static final List<String> NAMES =
      List.of(
          "delimiter",
          "quote",
          "escape",
          "header",
          "null",
          "types",
          "columns",
          "skip",
          "comment",
          "bad-rows",
          "sample-rows",
          "encoding",
          "compression",
          "block-bytes",
          "format");

  /** For a part that begins within a file. */
  CsvOptions withoutSkip() {
    return new CsvOptions(
        delimiter,
        quote,
        escape,
        header,
        nulls,
        types,
        columns,
        0,
        comment,
        skipBadRows,
        sampleRows,
        charset,
        compression,
        blockBytes);
  }

  /**
   * Reads the options of a plan.
   *
   * @param where the table, for messages
   */
  public static CsvOptions parse(String where, Map<String, ? extends @Nullable Object> plan) {
    Options o = new Options(where, plan);
    o.allow(NAMES);
    int quote = o.ascii("quote", '"');
    int escape = o.ascii("escape", quote);
    CsvOptions read =
        new CsvOptions(
            o.ascii("delimiter", o.names("format", "tsv") ? '\t' : -1),
            quote,
            escape < 0 ? quote : escape,
            o.flag("header"),
            o.texts("null"),
            o.types("types"),
            o.texts("columns"),
            o.count("skip", 0, 0),
            o.ascii("comment", -1),
            o.choice("bad-rows", "fail", List.of("fail", "skip")).equals("skip"),
            o.count("sample-rows", 20_480, 1),
            Charsets.of(where, o.text("encoding")),
            o.choice("compression", "auto", Compression.CHOICES),
            o.count("block-bytes", 1 << 20, 16));
    if ((quote >= 0 && (quote == read.delimiter || quote == read.comment))
        || (read.comment >= 0 && read.comment == read.delimiter)) {
      throw PenstockException.incorrect(
          "bad-option",
          where + ": the options :delimiter, :quote and :comment must be different characters");
    }
    return read;
  }
}
