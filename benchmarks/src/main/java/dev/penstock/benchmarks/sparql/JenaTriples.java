package dev.penstock.benchmarks.sparql;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.apache.jena.tdb2.loader.DataLoader;
import org.apache.jena.tdb2.loader.LoaderFactory;
import org.jspecify.annotations.Nullable;

/** Jena's own engine, over a graph in memory or over TDB2. */
final class JenaTriples implements TriplePeer {
  private final String name;
  private final DatasetGraph dataset;
  private final int seconds;

  /**
   * @param seconds after which a query ends with an exception
   */
  private JenaTriples(String name, DatasetGraph dataset, int seconds) {
    this.name = name;
    this.dataset = dataset;
    this.seconds = seconds;
  }

  static JenaTriples inMemory(int seconds) {
    return new JenaTriples("jena", DatasetGraphFactory.createGeneral(), seconds);
  }

  static JenaTriples tdb2(Path folder, int seconds) {
    return new JenaTriples("tdb2", DatabaseMgr.connectDatasetGraph(folder.toString()), seconds);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void load(Path file) {
    String uri = file.toUri().toString();
    if (name.equals("tdb2")) {
      DataLoader loader = LoaderFactory.phasedLoader(dataset, (format, values) -> {});
      loader.startBulk();
      loader.load(uri);
      loader.finishBulk();
    } else {
      Txn.executeWrite(dataset, () -> RDFDataMgr.read(dataset, uri));
    }
  }

  private QueryExec exec(String query) {
    return QueryExec.dataset(dataset).query(query).timeout(seconds, TimeUnit.SECONDS).build();
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
          try (QueryExec exec = exec(query)) {
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
          try (QueryExec exec = exec(query)) {
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
