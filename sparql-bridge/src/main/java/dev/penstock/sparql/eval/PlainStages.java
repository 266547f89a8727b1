package dev.penstock.sparql.eval;

import org.apache.jena.sparql.core.BasicPattern;
import org.apache.jena.sparql.engine.ExecutionContext;
import org.apache.jena.sparql.engine.QueryIterator;
import org.apache.jena.sparql.engine.main.StageGenerator;
import org.apache.jena.sparql.engine.main.StageGeneratorGeneric;
import org.apache.jena.sparql.engine.main.solver.PatternMatchData;

/**
 * Patterns within EXISTS as Jena evaluates them, but as they are written where a predicate is open:
 * Jena's order fails for one that a solution has put a blank node or a literal into.
 */
final class PlainStages implements StageGenerator {
  private final StageGenerator ordered = new StageGeneratorGeneric();

  @Override
  public QueryIterator execute(BasicPattern pattern, QueryIterator input, ExecutionContext env) {
    return pattern.getList().stream().allMatch(t -> t.getPredicate().isURI())
        ? ordered.execute(pattern, input, env)
        : PatternMatchData.execute(env.getActiveGraph(), pattern, input, null, env);
  }
}
