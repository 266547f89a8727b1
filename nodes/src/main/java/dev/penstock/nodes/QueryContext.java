package dev.penstock.nodes;

import dev.penstock.buffer.spill.SpillSpace;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.spill.Relief;
import org.jspecify.annotations.Nullable;

/**
 * What every operator of one running query is handed: its token and its memory.
 *
 * @param token checked per batch and inside every long loop
 * @param budget the query's budget; an operator opens a child or a reservation in it
 * @param batchRows the number of rows that operators aim at in the batches they make
 * @param spill where state goes that does not fit; null: nowhere, and what does not fit is an error
 * @param relief knows the operators of the engine that could spill
 * @param lanes how many lanes an operator may have: those for which it holds its minimum
 */
public record QueryContext(
    CancellationToken token,
    Budget budget,
    int batchRows,
    @Nullable SpillSpace spill,
    Relief relief,
    int lanes) {

  /** Without a place to spill to, one lane. */
  public QueryContext(CancellationToken token, Budget budget, int batchRows) {
    this(token, budget, batchRows, null, new Relief(), 1);
  }

  /** The same with a token and a budget of its own: for a run within this one. */
  public QueryContext within(CancellationToken other, Budget below) {
    return new QueryContext(other, below, batchRows, spill, relief, lanes);
  }

  /** The same for one operator: its budget, and its view of the place to spill to. */
  public QueryContext within(Budget below, @Nullable SpillSpace place) {
    return new QueryContext(token, below, batchRows, place, relief, lanes);
  }

  /** The same with another budget: what is handed this reserves there. */
  public QueryContext within(Budget other) {
    return new QueryContext(token, other, batchRows, spill, relief, lanes);
  }
}
