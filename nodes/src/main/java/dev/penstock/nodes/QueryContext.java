package dev.penstock.nodes;

import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;

/**
 * What every operator of one running query is handed: its token and its memory.
 *
 * @param token checked per batch and inside every long loop
 * @param budget the query's budget; an operator opens a child or a reservation in it
 * @param batchRows the number of rows that operators aim at in the batches they make
 */
public record QueryContext(CancellationToken token, Budget budget, int batchRows) {}
