package dev.penstock.server.sparql;

import dev.penstock.server.Refusal;
import dev.penstock.sparql.ResultFormat;
import dev.penstock.sparql.SparqlResult;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats of solutions and answers, and of triples, the one that is preferred first. */
public enum SparqlFormat {
  JSON(false, ResultFormat.JSON, "json", "application/sparql-results+json", "application/json"),
  XML(
      false,
      ResultFormat.XML,
      "xml",
      "application/sparql-results+xml",
      "application/xml",
      "text/xml"),
  CSV(false, ResultFormat.CSV, "csv", "text/csv"),
  TSV(false, ResultFormat.TSV, "tsv", "text/tab-separated-values"),
  TURTLE(true, ResultFormat.TURTLE, "turtle", "text/turtle", "application/x-turtle"),
  NTRIPLES(true, ResultFormat.NTRIPLES, "ntriples", "application/n-triples", "text/plain"),
  RDFXML(true, ResultFormat.XML, "xml", "application/rdf+xml", "application/xml", "text/xml"),
  JSONLD(true, ResultFormat.JSON, "json", "application/ld+json", "application/json");

  private final boolean ofTriples;
  private final ResultFormat writer;
  private final String word;
  private final List<String> types;

  SparqlFormat(boolean ofTriples, ResultFormat writer, String word, String... types) {
    this.ofTriples = ofTriples;
    this.writer = writer;
    this.word = word;
    this.types = List.of(types);
  }

  /** Who writes it. */
  public ResultFormat writer() {
    return writer;
  }

  /** The media type by which it is known. */
  public String type() {
    return types.get(0);
  }

  /** Does it hold triples? Else solutions, and answers of ASK. */
  public boolean ofTriples() {
    return ofTriples;
  }

  /**
   * What was chosen.
   *
   * @param type the media type that the client asked for: a format has several
   */
  public record Choice(SparqlFormat format, String type) {
    /** The value of the header Content-Type. */
    public String header() {
      return switch (format) {
        case CSV -> type + "; charset=utf-8; header=present";
        case TSV, TURTLE -> type + "; charset=utf-8";
        default -> type;
      };
    }
  }

  /** Of the result of a query. */
  public static Choice of(SparqlResult.Kind kind, @Nullable String asked, @Nullable String accept) {
    return of(
        kind == SparqlResult.Kind.CONSTRUCT || kind == SparqlResult.Kind.DESCRIBE, asked, accept);
  }

  /**
   * The format that a client would like most.
   *
   * @param ofTriples whether the result is triples
   * @param asked the parameter {@code format}, before all: a name or a media type
   * @param accept the header Accept; null: anything
   */
  public static Choice of(boolean ofTriples, @Nullable String asked, @Nullable String accept) {
    List<SparqlFormat> all = Arrays.stream(values()).filter(f -> f.ofTriples == ofTriples).toList();
    if (asked != null) {
      String name = asked.strip().toLowerCase(Locale.ROOT);
      for (SparqlFormat f : all) {
        if (f.word.equals(name) || f.types.contains(name)) {
          return new Choice(f, f.types.contains(name) ? name : f.type());
        }
      }
      throw Refusal.of(
          400,
          "unknown-format",
          "format: expected one of "
              + all.stream().map(f -> f.word).collect(Collectors.joining(", "))
              + ", got '"
              + asked
              + "'");
    }
    Accept wishes = new Accept(accept);
    Choice best = null;
    double most = 0;
    for (SparqlFormat f : all) {
      for (String type : f.types) {
        double wish = wishes.wish(type);
        if (wish > most) {
          most = wish;
          best = new Choice(f, type);
        }
      }
    }
    if (best == null) {
      throw Refusal.of(
          406,
          "not-acceptable",
          "Accept: expected one of "
              + all.stream().map(SparqlFormat::type).collect(Collectors.joining(", "))
              + " or */*, got '"
              + accept
              + "'");
    }
    return best;
  }
}
