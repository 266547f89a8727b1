package dev.penstock.sparql;

import dev.penstock.monitor.PenstockException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.query.ARQ;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFWriter;
import org.apache.jena.riot.resultset.ResultSetLang;
import org.apache.jena.riot.rowset.RowSetWriter;
import org.apache.jena.riot.rowset.RowSetWriterRegistry;
import org.apache.jena.riot.system.StreamRDF;
import org.apache.jena.riot.system.StreamRDFWriter;
import org.apache.jena.shared.JenaException;
import org.apache.jena.sparql.exec.RowSet;
import org.apache.jena.sparql.exec.RowSetStream;
import org.jspecify.annotations.Nullable;

/** Formats in which results are written: of solutions and answers, and of graphs. */
public enum ResultFormat {
  JSON(ResultSetLang.RS_JSON, Lang.JSONLD),
  XML(ResultSetLang.RS_XML, Lang.RDFXML),
  CSV(ResultSetLang.RS_CSV, null),
  TSV(ResultSetLang.RS_TSV, null),
  TABLE(ResultSetLang.RS_Text, Lang.TURTLE),
  TURTLE(null, Lang.TURTLE),
  NTRIPLES(null, Lang.NTRIPLES);

  private final @Nullable Lang solutions;
  private final @Nullable Lang triples;

  ResultFormat(@Nullable Lang solutions, @Nullable Lang triples) {
    this.solutions = solutions;
    this.triples = triples;
  }

  /** By name, in any case. */
  public static ResultFormat of(String name) {
    for (ResultFormat f : values()) {
      if (f.name().equals(name.toUpperCase(Locale.ROOT))) {
        return f;
      }
    }
    throw PenstockException.incorrect(
        "sparql-format",
        "expected a format ("
            + String.join(
                " ", Arrays.stream(values()).map(f -> f.name().toLowerCase(Locale.ROOT)).toList())
            + "), got "
            + name);
  }

  /** Writes a result to its end. Blocking. */
  public void write(SparqlResult result, OutputStream out) {
    switch (result.kind()) {
      case SELECT -> {
        if (this == CSV) {
          new CsvSolutions(out).write(result);
          return;
        }
        if (this == TABLE) {
          new TableSolutions(out).write(result);
          return;
        }
        RowSet rows = RowSetStream.create(result.vars(), result.bindings());
        writer(result).write(out, rows, ARQ.getContext());
      }
      case ASK -> writer(result).write(out, result.answer(), ARQ.getContext());
      default -> {
        if (triples == null) {
          throw wrong(result);
        }
        Graph graph = result.graph();
        graph.getPrefixMapping().setNsPrefixes(result.query().getPrefixMapping());
        write(graph, out);
      }
    }
  }

  /** Writes a graph. Blocking. */
  public void write(Graph graph, OutputStream out) {
    if (triples == null) {
      throw PenstockException.incorrect(
          "sparql-format", name().toLowerCase(Locale.ROOT) + " does not hold triples");
    }
    try {
      RDFWriter.source(graph).lang(triples).output(out);
    } catch (JenaException e) {
      if (triples.equals(Lang.JSONLD) && e.getCause() instanceof NullPointerException) {
        throw PenstockException.unsupported(
            "json-ld-lists",
            "a list with an empty list in it cannot be written as JSON-LD; ask for Turtle or N-Triples");
      }
      throw e;
    }
  }

  /**
   * Writes solutions of three variables as triples, to their end: Turtle and N-Triples as they
   * come, the others from a graph in memory. Blocking.
   */
  public void writeTriples(SparqlResult rows, OutputStream out) {
    Lang lang = triples;
    if (lang == null) {
      throw wrong(rows);
    }
    boolean streams = lang.equals(Lang.TURTLE) || lang.equals(Lang.NTRIPLES);
    if (!streams) {
      MadeGraph made = new MadeGraph(rows.memory());
      for (List<@Nullable Node> row = rows.next(); row != null; row = rows.next()) {
        made.add(triple(row));
      }
      write(made.graph(), out);
      return;
    }
    StreamRDF to = StreamRDFWriter.getWriterStream(out, lang);
    to.start();
    for (List<@Nullable Node> row = rows.next(); row != null; row = rows.next()) {
      to.triple(triple(row));
    }
    to.finish();
  }

  private static Triple triple(List<@Nullable Node> row) {
    return Triple.create(
        Objects.requireNonNull(row.get(0)),
        Objects.requireNonNull(row.get(1)),
        Objects.requireNonNull(row.get(2)));
  }

  private RowSetWriter writer(SparqlResult result) {
    if (solutions == null) {
      throw wrong(result);
    }
    return RowSetWriterRegistry.getFactory(solutions).create(solutions);
  }

  private PenstockException wrong(SparqlResult result) {
    return PenstockException.incorrect(
        "sparql-format",
        name().toLowerCase(Locale.ROOT)
            + " does not hold the result of "
            + result.kind()
            + "; it can be written as "
            + (result.kind() == SparqlResult.Kind.SELECT || result.kind() == SparqlResult.Kind.ASK
                ? "table csv tsv json xml"
                : "turtle ntriples json xml"));
  }
}
