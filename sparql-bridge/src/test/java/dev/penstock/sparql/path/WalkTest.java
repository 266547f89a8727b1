package dev.penstock.sparql.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.sparql.store.TripleGraph;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sparql.term.Terms;
import java.util.List;
import java.util.Set;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks from a node with many triples. */
class WalkTest {
  private static final int TRIPLES = 20_000;
  private static final int CANCELLED_AT = 10;
  private static final int MORE = 1024;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsAmongTheTriplesOfOneNode(boolean negated) {
    CancellationToken token = new CancellationToken();
    int[] given = new int[1];
    try (Engine engine = Engine.create();
        TripleStore store = TripleStore.create(engine)) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < TRIPLES; i++) {
        text.append("<http://x/hub> <http://x/p> " + i + " .\n");
      }
      store.load(text.toString(), Lang.TURTLE);
      TripleGraph graph = store.state().defaultGraph();
      try (Terms terms =
              new Terms(store.state().dictionary(), store.state().terms(), engine.budget());
          Reservation memory = engine.budget().open("a walk")) {
        long hub = terms.encode(NodeFactory.createURI("http://x/hub"));
        long p = terms.encode(NodeFactory.createURI("http://x/p"));
        Walk walk = new Walk(List.of(graph), new QueryContext(token, engine.budget(), 100), memory);
        Steps path = negated ? new Steps.Not(Set.of(1L), false) : new Steps.Link(p);
        PenstockException e =
            assertThrows(
                PenstockException.class,
                () ->
                    walk.from(
                        hub,
                        path,
                        false,
                        id -> {
                          if (++given[0] == CANCELLED_AT) {
                            token.cancel(Reason.PERSON, "enough");
                          }
                        }));
        assertEquals("enough", e.getMessage());
      }
    }
    assertTrue(given[0] <= CANCELLED_AT + MORE, given[0] + " nodes were given");
  }

  @Test
  void givesAllEnds() {
    try (Engine engine = Engine.create();
        TripleStore store = TripleStore.create(engine)) {
      store.load("<http://x/a> <http://x/p> 1, 2 ; <http://x/q> 3 .", Lang.TURTLE);
      TripleGraph graph = store.state().defaultGraph();
      try (Terms terms =
              new Terms(store.state().dictionary(), store.state().terms(), engine.budget());
          Reservation memory = engine.budget().open("a walk")) {
        long a = terms.encode(NodeFactory.createURI("http://x/a"));
        long q = terms.encode(NodeFactory.createURI("http://x/q"));
        Walk walk =
            new Walk(
                List.of(graph),
                new QueryContext(new CancellationToken(), engine.budget(), 100),
                memory);
        int[] count = new int[2];
        walk.from(a, new Steps.Link(q), false, id -> count[0]++);
        walk.from(a, new Steps.Not(Set.of(q), false), false, id -> count[1]++);
        assertEquals(1, count[0]);
        assertEquals(2, count[1]);
      }
    }
  }
}
