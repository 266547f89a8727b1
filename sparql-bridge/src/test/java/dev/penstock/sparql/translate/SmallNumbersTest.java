package dev.penstock.sparql.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.eval.DatasetView;
import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.store.StoreState;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sparql.term.Terms;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.riot.Lang;
import org.apache.jena.sparql.algebra.Algebra;
import org.apache.jena.sparql.core.Var;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of the objects of a predicate. */
class SmallNumbersTest {
  private final Engine engine = Engine.create();
  private final TripleStore store = TripleStore.create(engine);

  @AfterEach
  void close() {
    CancellationToken.work(null);
    store.close();
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  private SmallNumbers found(String predicate) {
    StoreState state = store.state();
    try (Terms terms = new Terms(state.dictionary(), state.terms(), engine.budget())) {
      DatasetView all = DatasetView.of(state);
      return SmallNumbers.of(
          Algebra.compile(QueryFactory.create("SELECT * { ?s <http://x/" + predicate + "> ?o }")),
          Var.alloc("o"),
          new QueryEnv(terms, all),
          all.defaultGraphs());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | true | false",
        "1, -5, 2147483647 | true | false",
        "1, 2147483648 | false | false",
        "-2147483648, 1 | false | false",
        "1.5 | false | true",
        "1.5, 0.000001 | false | true",
        "1.5, 0.0000001, 2.5 | false | false",
        "-3, 7, 1.5 | true | true",
        "-3, 1.5, 1e0 | false | false",
        "-3, 1e0 | false | false",
        "1, 'one' | false | false",
        "1, <http://x/one> | false | false",
        "1, [] | false | false",
        "1, true | false | false",
        "1, '01'^^<http://www.w3.org/2001/XMLSchema#integer> | false | false",
        "900000000000000000 | false | false",
        "1.5, 90000000000000.5 | false | false"
      })
  void isWhatAllObjectsAre(String objects, boolean integers, boolean decimals) {
    store.load("<http://x/s> <http://x/p> " + objects + " ; <http://x/a> 1.5e0 .", Lang.TURTLE);
    assertEquals(new SmallNumbers(integers, decimals), found("p"));
  }

  @Test
  void nothingIsKnownOfNoObjects() {
    assertEquals(SmallNumbers.UNKNOWN, found("p"));
  }

  @Test
  void isReadOnceForAStateOfTheStoreAndStopsWhenItIsCancelled() {
    StringBuilder text = new StringBuilder("<http://x/s> <http://x/p> 0.5");
    for (int i = 1; i < 5000; i++) {
      text.append(", " + i + ".5");
    }
    store.load(text + " .", Lang.TURTLE);
    CancellationToken token = new CancellationToken();
    token.cancel(Reason.PERSON, "enough");
    CancellationToken.work(token);
    assertEquals("enough", assertThrows(PenstockException.class, () -> found("p")).getMessage());
    CancellationToken.work(null);
    SmallNumbers decimals = new SmallNumbers(false, true);
    assertEquals(decimals, found("p"));
    CancellationToken.work(token);
    assertEquals(decimals, found("p"), "nothing is read");
    CancellationToken.work(null);
    store.load("<http://x/s> <http://x/p> 7 .", Lang.TURTLE);
    assertEquals(new SmallNumbers(true, true), found("p"));
    store.load("<http://x/s> <http://x/p> 'seven' .", Lang.TURTLE);
    assertEquals(SmallNumbers.UNKNOWN, found("p"));
  }
}
