package dev.penstock.sparql.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.store.TripleStore;
import org.apache.jena.riot.Lang;
import org.apache.jena.sparql.engine.binding.BindingFactory;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprException;
import org.apache.jena.sparql.function.FunctionEnvBase;
import org.apache.jena.sparql.util.ExprUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** REGEX and REPLACE beside Jena's own, and where these would never end. */
class RegexesTest {
  private static final String HOSTILE = "(.*a){20}b";
  private static final String LONG = "a".repeat(200);

  private static String value(Expr e) {
    try {
      return e.eval(BindingFactory.empty(), new FunctionEnvBase()).asNode().toString();
    } catch (ExprException error) {
      return "error";
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REGEX('abc', 'B')",
        "REGEX('abc', 'B', 'i')",
        "REGEX('abc'@en, '^a.c$')",
        "REGEX('a.c', 'a.c', 'q')",
        "REGEX('abc', 'a.c', 'q')",
        "REGEX('a\\nb', 'a.b', 's')",
        "REGEX('a\\nb', '^b$', 'm')",
        "REGEX('ab', 'a b', 'x')",
        "REGEX(STR('x'), CONCAT('[', ']'))",
        "REGEX(STR('x'), 'x', CONCAT('z', ''))",
        "REGEX(<http://x/>, 'x')",
        "REGEX(12, 'x')",
        "REGEX('12', 1)",
        "REGEX('12', '1'@en)",
        "!REGEX(REPLACE('abcd', 'b', 'Z'), 'b')",
        "REPLACE('abcd', 'b', 'Z')",
        "REPLACE('abcd'@en, '(b)(c)', '$2$1')",
        "REPLACE('abab', 'B', 'Z', 'i')",
        "REPLACE('a.b', '.', 'Z', 'q')",
        "REPLACE('abcd', 'x*', '-')",
        "REPLACE('abcd', 'b*', '-')",
        "REPLACE('abcd', '', '-')",
        "REPLACE('abcd', 'b', '$1')",
        "REPLACE('abcd', 'x', 'Z')",
        "REPLACE('abcd', CONCAT('(', ''), 'Z')",
        "REPLACE(12, '1', 'Z')",
        "REPLACE('12', '1', 2)",
        "REPLACE('abcd'^^<http://x/t>, 'b', 'Z')",
        "COALESCE(REPLACE(12, '1', 'Z'), REPLACE('12', '1', 'Z'))"
      })
  void givesWhatJenaGives(String text) {
    Expr theirs = ExprUtils.parse(text);
    Expr ours = OwnFunctions.in(theirs);
    assertNotEquals(0, ours.toString().length());
    assertEquals(value(theirs), value(ours.deepCopy()), text);
    assertEquals(value(theirs), value(ours), text);
  }

  @Test
  void aGroupThatIsNotThereIsAnError() {
    assertEquals("error", value(OwnFunctions.in(ExprUtils.parse("REPLACE('abcd', 'b', '$')"))));
  }

  @Test
  void aCancelledQueryStopsThem() {
    CancellationToken token = new CancellationToken();
    token.cancel(Reason.PERSON, "enough");
    CancellationToken.work(token);
    try {
      for (String call :
          new String[] {
            "REGEX('" + LONG + "', '" + HOSTILE + "')",
            "REPLACE('" + LONG + "', '" + HOSTILE + "', '')"
          }) {
        Expr e = OwnFunctions.in(ExprUtils.parse(call));
        PenstockException stopped = assertThrows(PenstockException.class, () -> value(e));
        assertEquals("enough", stopped.getMessage());
      }
    } finally {
      CancellationToken.work(null);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ?o { ?s ?p ?o FILTER REGEX(?o, '(.*a){20}b') }",
        "SELECT (REPLACE(?o, '(.*a){20}b', '') AS ?x) { ?s ?p ?o }",
        "SELECT ?s { ?s ?p ?q FILTER EXISTS { ?s ?p ?o FILTER(?o != ?q || REGEX(?o, '(.*a){20}b')) } }"
      })
  void timeBeyondMeasureIsAnErrorOfTheQuery(String text) {
    try (Engine engine = Engine.create();
        TripleStore store = TripleStore.create(engine)) {
      store.load("<http://x/s> <http://x/p> \"" + LONG + "\" .", Lang.TURTLE);
      SparqlSession session = new SparqlSession(store);
      for (SparqlSession s : new SparqlSession[] {session, session.withoutLookUps()}) {
        PenstockException e =
            assertThrows(PenstockException.class, () -> s.execute(text).rows(), text);
        assertEquals(PenstockException.Category.LIMIT, e.category());
        assertEquals(
            "SPARQL: expected "
                + (text.contains("REGEX") ? "REGEX" : "REPLACE")
                + " of a pattern that needs less backtracking, got \"(.*a){20}b\" for a text of"
                + " 200 characters",
            e.getMessage());
      }
    }
  }
}
