package dev.penstock.sources.csv;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.Options;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How CSV is written.
 *
 * @param delimiter ASCII character between fields
 * @param quote ASCII character around fields, or -1: fields are never quoted, and one that would
 *     have to be is an error
 * @param escape ASCII character before a quote in a quoted field; equal to quote: quotes are
 *     doubled
 * @param comment a field that begins with this character is quoted; -1 for none
 * @param header whether the first line has the column names
 * @param nullText stands for null, unquoted; a text that equals it is quoted
 * @param quoteAll whether all texts are quoted
 */
public record CsvStyle(
    int delimiter,
    int quote,
    int escape,
    int comment,
    boolean header,
    String nullText,
    boolean quoteAll) {

  /** The characters of numbers and times, which are never quoted. */
  private static final String PLAIN = "0123456789+-.:TZ";

  /** RFC 4180: commas, doubled quotes, a header, nothing for null. */
  public static final CsvStyle PLAIN_COMMAS = new CsvStyle(',', '"', '"', -1, true, "", false);

  public CsvStyle {
    if (PLAIN.indexOf(delimiter) >= 0 || delimiter == quote) {
      throw PenstockException.incorrect(
          "bad-option",
          "option :delimiter: expected a character that is neither the quote nor part of numbers, got \""
              + (char) delimiter
              + "\"");
    }
    if (nullText.indexOf(delimiter) >= 0
        || nullText.indexOf(quote) >= 0
        || nullText.indexOf('\n') >= 0
        || nullText.indexOf('\r') >= 0) {
      throw PenstockException.incorrect(
          "bad-option",
          "option :null: expected a text without delimiter, quote and line end, got \""
              + nullText
              + "\"");
    }
  }

  /** With tabs for a name like x.tsv or x.tsv.gz. */
  public static CsvStyle ofName(String fileName) {
    boolean tabs = fileName.toLowerCase(Locale.ROOT).contains(".tsv");
    return tabs ? PLAIN_COMMAS.withDelimiter('\t') : PLAIN_COMMAS;
  }

  public CsvStyle withDelimiter(int other) {
    return new CsvStyle(other, quote, escape, comment, header, nullText, quoteAll);
  }

  public CsvStyle withHeader(boolean wanted) {
    return new CsvStyle(delimiter, quote, escape, comment, wanted, nullText, quoteAll);
  }

  /**
   * Reads the options {@code :delimiter :quote :escape :header :null :quote-all}.
   *
   * @param where the file, for messages and for its ending
   */
  public static CsvStyle parse(String where, Map<String, ? extends @Nullable Object> options) {
    Options o = new Options(where, options);
    int quote = o.ascii("quote", '"');
    int escape = o.ascii("escape", quote);
    Boolean header = o.flag("header");
    String nulls = o.text("null");
    Boolean quoteAll = o.flag("quote-all");
    int delimiter = o.ascii("delimiter", o.names("format", "tsv") ? '\t' : -1);
    return new CsvStyle(
        delimiter < 0 ? ofName(where).delimiter : delimiter,
        quote,
        escape < 0 ? quote : escape,
        -1,
        header == null || header,
        nulls == null ? "" : nulls,
        quoteAll != null && quoteAll);
  }
}
