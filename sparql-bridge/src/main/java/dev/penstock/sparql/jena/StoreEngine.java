package dev.penstock.sparql.jena;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.SparqlQuery;
import org.apache.jena.query.Query;
import org.apache.jena.sparql.algebra.Algebra;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.OpVisitorBase;
import org.apache.jena.sparql.algebra.op.OpBGP;
import org.apache.jena.sparql.algebra.op.OpTable;
import org.apache.jena.sparql.algebra.walker.Walker;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.core.DatasetGraphWrapper;
import org.apache.jena.sparql.engine.Plan;
import org.apache.jena.sparql.engine.PlanBase;
import org.apache.jena.sparql.engine.QueryEngineFactory;
import org.apache.jena.sparql.engine.QueryIterator;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.engine.main.QueryEngineMain;
import org.apache.jena.sparql.pfunction.PropertyFunctionRegistry;
import org.apache.jena.sparql.util.Context;
import org.jspecify.annotations.Nullable;

/** Runs queries over {@link StoreDataset} on the store's engine. */
final class StoreEngine implements QueryEngineFactory {
  /** Names of graphs that mean something to Jena only. */
  private static final String OWN_GRAPHS = "urn:x-arq:";

  private static @Nullable StoreDataset store(DatasetGraph dataset) {
    DatasetGraph at = dataset;
    while (at instanceof DatasetGraphWrapper wrapper) {
      at = wrapper.getWrapped();
    }
    return at instanceof StoreDataset s ? s : null;
  }

  @Override
  public boolean accept(Query query, DatasetGraph dataset, Context context) {
    return store(dataset) != null;
  }

  /** Algebra may be in forms that only Jena's own engine has. */
  @Override
  public boolean accept(Op op, DatasetGraph dataset, Context context) {
    return false;
  }

  @Override
  public Plan create(Op op, DatasetGraph dataset, Binding input, Context context) {
    return QueryEngineMain.getFactory().create(op, dataset, input, context);
  }

  @Override
  public Plan create(Query query, DatasetGraph dataset, Binding input, Context context) {
    StoreDataset found = store(dataset);
    Plan jena = QueryEngineMain.getFactory().create(query, dataset, input, context);
    return found == null || (input != null && !input.isEmpty())
        ? jena
        : new Handed(query, found, context, jena);
  }

  private static final class Handed extends PlanBase {
    private final Query query;
    private final StoreDataset dataset;
    private final Context context;
    private final Plan jena;

    Handed(Query query, StoreDataset dataset, Context context, Plan jena) {
      super(jena.getOp(), jena);
      this.query = query;
      this.dataset = dataset;
      this.context = context;
      this.jena = jena;
    }

    @Override
    protected QueryIterator iteratorOnce() {
      try {
        SparqlQuery asked = SparqlQuery.of(query);
        if (!asked.text().contains(OWN_GRAPHS) && !hasPropertyFunction(query, context)) {
          return new Solutions(dataset.store(), asked, jena, Context.getCancelSignal(context));
        }
      } catch (PenstockException e) {
        if (e.category() != PenstockException.Category.UNSUPPORTED) {
          throw Solutions.told(e);
        }
      }
      return jena.iterator();
    }
  }

  private static boolean hasPropertyFunction(Query query, Context context) {
    PropertyFunctionRegistry known = PropertyFunctionRegistry.chooseRegistry(context);
    Op op = query.getQueryPattern() == null ? OpTable.unit() : Algebra.compile(query);
    boolean[] found = new boolean[1];
    Walker.walk(
        op,
        new OpVisitorBase() {
          @Override
          public void visit(OpBGP bgp) {
            found[0] |=
                bgp.getPattern().getList().stream()
                    .anyMatch(
                        t ->
                            t.getPredicate().isURI()
                                && known.isRegistered(t.getPredicate().getURI()));
          }
        });
    return found[0];
  }
}
