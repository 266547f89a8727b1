package dev.penstock.benchmarks.sparql;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.jena.graph.Node;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.core.DatasetGraphFactory;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.exec.QueryExec;
import org.apache.jena.sparql.exec.RowSet;
import org.apache.jena.system.Txn;
import org.apache.jena.tdb2.DatabaseMgr;
import org.jspecify.annotations.Nullable;

/** Jena's own engine, over a graph in memory or over TDB2. */
final class JenaTriples implements TriplePeer {
  private final String name;
  private final DatasetGraph dataset;

  private JenaTriples(String name, DatasetGraph dataset) {
    this.name = name;
    this.dataset = dataset;
  }

  static JenaTriples inMemory() {
    return new JenaTriples("jena", DatasetGraphFactory.createGeneral());
  }

  static JenaTriples tdb2(Path folder) {
    return new JenaTriples("tdb2", DatabaseMgr.connectDatasetGraph(folder.toString()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void load(Path file) {
    Txn.executeWrite(dataset, () -> RDFDataMgr.read(dataset, file.toUri().toString()));
  }

  /** Terms as one line. */
  static String line(List<@Nullable Node> row) {
    StringBuilder out = new StringBuilder();
    for (Node term : row) {
      out.append(out.length() == 0 ? "" : "\t").append(term == null ? "" : shown(term));
    }
    return out.toString();
  }

  private static String shown(Node term) {
    return term.isLiteral()
        ? TriplePeer.shown(
            term.getLiteralLexicalForm(), term.getLiteralDatatypeURI().replaceAll(".*#", ""))
        : term.toString();
  }

  @Override
  public List<String> rows(String query) {
    return Txn.calculateRead(
        dataset,
        () -> {
          List<String> out = new ArrayList<>();
          try (QueryExec exec = QueryExec.dataset(dataset).query(query).build()) {
            RowSet rows = exec.select();
            List<Var> vars = rows.getResultVars();
            while (rows.hasNext()) {
              Binding row = rows.next();
              List<@Nullable Node> terms = new ArrayList<>();
              vars.forEach(v -> terms.add(row.get(v)));
              out.add(line(terms));
            }
          }
          return out;
        });
  }

  @Override
  public long count(String query) {
    return Txn.calculateRead(
        dataset,
        () -> {
          long n = 0;
          try (QueryExec exec = QueryExec.dataset(dataset).query(query).build()) {
            RowSet rows = exec.select();
            List<Var> vars = rows.getResultVars();
            while (rows.hasNext()) {
              Binding row = rows.next();
              vars.forEach(row::get); // a term of TDB2 is read when it is asked for
              n++;
            }
          }
          return n;
        });
  }

  @Override
  public void close() {
    dataset.close();
  }
}
