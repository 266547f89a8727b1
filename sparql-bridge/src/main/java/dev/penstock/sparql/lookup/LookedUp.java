package dev.penstock.sparql.lookup;

import dev.penstock.compiler.queries.GraphSnapshot;
import dev.penstock.compiler.queries.LivePlan;
import dev.penstock.nodes.Priority;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.apache.jena.sparql.algebra.Op;

/**
 * What can be seen of a query that was answered by look-ups: its algebra in the place of a plan.
 *
 * @param elapsedNanos of the look-ups
 */
public record LookedUp(Op op, long elapsedNanos) implements LivePlan, LivePlan.PlanText {
  @Override
  public double share() {
    return 1;
  }

  @Override
  public Figures figures() {
    return new Figures(0, 0, 0, 0, elapsedNanos);
  }

  @Override
  public GraphSnapshot graph(boolean texts) {
    return GraphSnapshot.EMPTY;
  }

  @Override
  public void prioritize(Priority priority) {
    // it is done
  }

  @Override
  public PlanText plan() {
    return this;
  }

  @Override
  public Rewriting rewriting(long mostNanos) {
    return Rewriting.NONE;
  }

  @Override
  public String text() {
    return "look-ups of\n" + op;
  }

  @Override
  public String hash() {
    CRC32C sum = new CRC32C();
    sum.update(op.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits(sum.getValue());
  }
}
