package dev.penstock.nodes.sort;

import dev.penstock.batch.expr.Expr;

/** One item of a sort: an expression over the input, and its direction. */
public record SortKey(Expr expr, boolean descending, boolean nullsFirst) {}
