package dev.penstock.sparql.eval;

import dev.penstock.sparql.store.StoreState;
import dev.penstock.sparql.term.Terms;
import java.util.Calendar;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.jena.graph.Graph;
import org.apache.jena.query.ARQ;
import org.apache.jena.sparql.ARQConstants;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.core.DatasetGraphMapLink;
import org.apache.jena.sparql.engine.ExecutionContext;
import org.apache.jena.sparql.engine.main.StageGenerator;
import org.apache.jena.sparql.util.Context;
import org.apache.jena.sparql.util.NodeFactoryExtra;
import org.jspecify.annotations.Nullable;

/**
 * What the functions of one query share: its terms, its dataset, and the time that NOW() gives.
 *
 * <p>Concurrency: any thread; the views for Jena, and what they need, are made at first use.
 */
public final class QueryEnv {
  private static final StageGenerator STAGES = new PlainStages();

  private final Terms terms;
  private final DatasetView dataset;
  private final ConcurrentHashMap<List<Long>, ExecutionContext> environments =
      new ConcurrentHashMap<>();
  private volatile @Nullable DatasetGraph view;
  private volatile long begunMillis = System.currentTimeMillis();
  private volatile boolean isForOneRun;

  public QueryEnv(Terms terms, DatasetView dataset) {
    this.terms = terms;
    this.dataset = dataset;
  }

  /** The query draws random values, which the plan holds: it is for one run. */
  public void draws() {
    isForOneRun = true;
  }

  /** May the plan that was made with this run again? */
  public boolean isRepeatable() {
    return !isForOneRun;
  }

  /** The plan is made: what it holds of this stays. */
  public void planned() {
    isForOneRun |= !terms.mark();
  }

  /** As it was when the plan was made. Nothing of the query runs, or will for a while. */
  public void rest() {
    terms.rest();
    environments.clear();
  }

  /** The plan runs again, at another time. */
  public void resume() {
    terms.resume();
    begunMillis = System.currentTimeMillis();
  }

  public Terms terms() {
    return terms;
  }

  public DatasetView dataset() {
    return dataset;
  }

  public StoreState state() {
    return dataset.state();
  }

  /** The merge of graphs, for Jena. */
  public Graph graph(List<Long> ids) {
    return new StoreGraph(dataset.graphs(ids), terms);
  }

  /** What Jena's functions are handed while these graphs are the active one. */
  public ExecutionContext active(List<Long> ids) {
    return environments.computeIfAbsent(
        ids, k -> ExecutionContext.create(view(), graph(k), context()));
  }

  private Context context() {
    Calendar now = Calendar.getInstance();
    now.setTimeInMillis(begunMillis);
    Context context = ARQ.getContext().copy();
    context.set(ARQConstants.sysCurrentTime, NodeFactoryExtra.dateTimeToNode(now));
    context.set(ARQ.stageGenerator, STAGES);
    return context;
  }

  private synchronized DatasetGraph view() {
    DatasetGraph made = view;
    if (made == null) {
      made = new DatasetGraphMapLink(graph(dataset.defaultGraphs()));
      for (Long id : dataset.named()) {
        made.addGraph(terms.decode(id), graph(List.of(id)));
      }
      view = made;
    }
    return made;
  }
}
