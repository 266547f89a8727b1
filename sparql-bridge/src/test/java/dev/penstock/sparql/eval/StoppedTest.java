package dev.penstock.sparql.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.compiler.Engine;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sparql.term.StoredTerms;
import dev.penstock.sparql.term.TermId;
import dev.penstock.sparql.term.Terms;
import java.util.List;
import java.util.function.Function;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.apache.jena.sparql.util.ExprUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What computes over the rows of a batch stops within the batch when the query is cancelled. */
class StoppedTest {
  private static final int ROWS = 2048;
  private static final int CANCELLED_AT = 100;

  /** Terms that are looked at after the token was cancelled: of two arguments, between checks. */
  private static final int MORE = 34;

  private final CancellationToken token = new CancellationToken();

  /** A text for each index; cancels the query when so many were asked for. */
  private final class Counted implements StoredTerms {
    private int count;

    @Override
    public int size() {
      return ROWS;
    }

    @Override
    public int find(Node term) {
      return -1;
    }

    @Override
    public Node get(int index) {
      if (++count == CANCELLED_AT) {
        token.cancel(Reason.PERSON, "enough");
      }
      return NodeFactory.createLiteralString("text " + index);
    }

    @Override
    public void close() {
      // nothing is held
    }
  }

  @AfterEach
  void works() {
    CancellationToken.work(null);
  }

  private static LongColumn ids() {
    long[] ids = new long[ROWS];
    for (int i = 0; i < ROWS; i++) {
      ids[i] = (long) TermId.LITERAL << 60 | i;
    }
    return new LongColumn(DataType.INT64, ids, null, ROWS);
  }

  private void stops(Function<QueryEnv, HostFunction> of, int arguments) {
    Counted counted = new Counted();
    try (Engine engine = Engine.create();
        TripleStore store = TripleStore.create(engine);
        Terms terms = new Terms(counted, ROWS, engine.budget())) {
      HostFunction f = of.apply(new QueryEnv(terms, DatasetView.of(store.state())));
      Column[] args = new Column[arguments];
      java.util.Arrays.setAll(args, k -> ids());
      CancellationToken.work(token);
      PenstockException e =
          assertThrows(PenstockException.class, () -> f.eval(Batch.of(ROWS, args), args));
      assertEquals("enough", e.getMessage());
    }
    assertTrue(
        counted.count <= CANCELLED_AT + MORE, counted.count + " terms were looked at in the end");
  }

  private static ExprFunction2 pair(String text) {
    return (ExprFunction2) ExprUtils.parse(text);
  }

  @Test
  void comparisons() {
    stops(env -> new Comparing(env.terms(), pair("?a < ?b")), 2);
  }

  @Test
  void arithmetic() {
    stops(env -> new Calculating(env.terms(), pair("?a + ?b")), 2);
  }

  @Test
  void testsOfTexts() {
    stops(env -> new TextTest(env.terms(), ExprUtils.parse("CONTAINS(?a, 'x')")), 1);
  }

  @Test
  void keysOfOrders() {
    stops(env -> new OrderKey(env.terms()), 1);
  }

  @Test
  void valuesOfColumns() {
    stops(env -> new TermValue(env, "a", DataType.VARCHAR), 1);
  }

  @Test
  void labelsOfBlankNodes() {
    stops(env -> new Draw(env.terms(), Draw.Kind.LABELLED_BLANK, 7), 2);
  }

  @Test
  void whatJenaComputes() {
    List<Var> vars = List.of(Var.alloc("a"), Var.alloc("b"));
    stops(
        env ->
            new JenaCall(
                env, ExprUtils.parse("STRLEN(?a) = 0"), vars, List.of(), false, true, false),
        2);
  }
}
