package dev.penstock.sparql.jena;

import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.SparqlQuery;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.store.TripleStore;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.jena.atlas.io.IndentedWriter;
import org.apache.jena.query.QueryCancelledException;
import org.apache.jena.query.QueryExecException;
import org.apache.jena.sparql.engine.Plan;
import org.apache.jena.sparql.engine.QueryIterator;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.engine.iterator.QueryIteratorBase;
import org.apache.jena.sparql.serializer.SerializationContext;
import org.jspecify.annotations.Nullable;

/**
 * The solutions of a query as Jena takes them. The query begins when the first one is asked for.
 *
 * <p>Concurrency: one thread reads; {@link #cancel}, and Jena's signal for timeouts, which a thread
 * looks at while the query runs, reach {@code running}, which is volatile.
 */
final class Solutions extends QueryIteratorBase {
  private final TripleStore store;
  private final SparqlQuery query;
  private final Plan jena;
  private final @Nullable AtomicBoolean signal;
  private volatile @Nullable Query running;
  private @Nullable SignalWatch watch;
  private @Nullable SparqlResult result;
  private @Nullable QueryIterator instead;
  private @Nullable Iterator<Binding> rows;

  /**
   * @param jena what runs instead if the engine refuses the query
   * @param signal set by Jena when the query is to stop
   */
  Solutions(TripleStore store, SparqlQuery query, Plan jena, @Nullable AtomicBoolean signal) {
    super(signal == null ? new AtomicBoolean() : signal);
    this.store = store;
    this.query = query;
    this.jena = jena;
    this.signal = signal;
  }

  static RuntimeException told(PenstockException e) {
    return e.category() == PenstockException.Category.CANCELLED
        ? new QueryCancelledException()
        : new QueryExecException(e.getMessage(), e);
  }

  private Iterator<Binding> rows() {
    Iterator<Binding> now = rows;
    if (now == null) {
      rows = now = begin();
    }
    return now;
  }

  private Iterator<Binding> begin() {
    Query begun = store.engine().queries().begin(QueryOptions.defaults().withText(query.text()));
    running = begun;
    if (signal != null) {
      watch = new SignalWatch(signal, this::requestCancel);
    }
    try {
      SparqlResult started = new SparqlSession(store).execute(query, begun);
      result = started;
      return started.bindings();
    } catch (PenstockException e) {
      if (e.category() != PenstockException.Category.UNSUPPORTED) {
        throw e;
      }
      QueryIterator other = jena.iterator();
      instead = other;
      return other;
    }
  }

  @Override
  protected boolean hasNextBinding() {
    try {
      return rows().hasNext();
    } catch (PenstockException e) {
      throw told(e);
    }
  }

  @Override
  protected Binding moveToNextBinding() {
    try {
      return rows().next();
    } catch (PenstockException e) {
      throw told(e);
    }
  }

  @Override
  protected void requestCancel() {
    Query now = running;
    if (now != null) {
      now.cancel(Reason.CALLER, "the query was cancelled through Jena");
    }
    QueryIterator other = instead;
    if (other != null) {
      other.cancel();
    }
  }

  @Override
  protected void closeIterator() {
    if (watch != null) {
      watch.close();
    }
    if (result != null) {
      result.close();
    }
    if (instead != null) {
      instead.close();
    }
  }

  @Override
  public void output(IndentedWriter out, SerializationContext context) {
    out.println("penstock");
  }
}
