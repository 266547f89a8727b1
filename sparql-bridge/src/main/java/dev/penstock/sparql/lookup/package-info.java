/**
 * Small queries on the thread that asks: each pattern is looked up in the runs of the store with
 * what is bound so far, without a plan, nodes or pipes. Nothing here may grow beyond {@link
 * dev.penstock.sparql.lookup.Work}: what is not small is declined, and becomes a plan.
 */
@NullMarked
package dev.penstock.sparql.lookup;

import org.jspecify.annotations.NullMarked;
