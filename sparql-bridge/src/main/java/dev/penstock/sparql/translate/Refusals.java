package dev.penstock.sparql.translate;

import dev.penstock.monitor.PenstockException;
import java.util.Locale;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.OpVisitorBase;
import org.apache.jena.sparql.algebra.op.OpService;
import org.apache.jena.sparql.algebra.walker.Walker;
import org.apache.jena.sparql.expr.E_Function;
import org.apache.jena.sparql.expr.ExprFunctionN;
import org.apache.jena.sparql.expr.ExprVisitorBase;

/** What is refused before anything is translated, wherever in a query it stands. */
final class Refusals {
  private Refusals() {}

  static PenstockException unsupported(String what) {
    return PenstockException.unsupported(
        "sparql-unsupported",
        what + " is not supported here; docs/sparql-deviations.md lists what is");
  }

  static void check(Op op) {
    Walker.walk(
        op,
        new OpVisitorBase() {
          @Override
          public void visit(OpService service) {
            throw unsupported("SERVICE " + service.getService());
          }
        },
        new ExprVisitorBase() {
          @Override
          public void visit(ExprFunctionN f) {
            if (f instanceof E_Function call) {
              checkFunction(call.getFunctionIRI());
            }
          }
        });
  }

  /** Jena would load classes of the host by such names. */
  private static void checkFunction(String iri) {
    if (iri.toLowerCase(Locale.ROOT).startsWith("java:")) {
      throw unsupported("the function <" + iri + ">");
    }
  }
}
