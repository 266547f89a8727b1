package dev.penstock.sparql.store;

import dev.penstock.monitor.Budget;
import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.page.HeapSink;
import dev.penstock.sparql.page.Sink;
import dev.penstock.sparql.term.Dictionary;
import dev.penstock.sparql.term.Terms;
import org.apache.jena.graph.Node;

/** A new version of a store in memory. */
final class MemoryWriting implements Writing {
  private final StoreState before;
  private final Dictionary dictionary;
  private final Reservation runs;
  private final Reservation scratch;
  private final long heldBefore;
  private boolean published;

  /**
   * @param runs what the runs of the store hold
   */
  MemoryWriting(StoreState before, Reservation runs, Budget budget) {
    this.before = before;
    this.dictionary = (Dictionary) before.dictionary();
    this.runs = runs;
    this.heldBefore = runs.heldBytes();
    this.scratch = budget.open("triples that are loaded");
  }

  @Override
  public StoreState before() {
    return before;
  }

  @Override
  public long id(Node term) {
    return Terms.add(dictionary, term);
  }

  @Override
  public Sink runs(RunWriter.Order order) {
    return new HeapSink(runs);
  }

  @Override
  public Sink scratchRuns() {
    return new HeapSink(scratch);
  }

  @Override
  public StoreState publish(GraphRuns spo, GraphRuns pos, GraphRuns osp) {
    published = true;
    runs.shrink(heldBefore); // what was there before
    return new StoreState(dictionary, dictionary.size(), spo, pos, osp);
  }

  @Override
  public void close() {
    scratch.close();
    if (!published) {
      runs.resize(heldBefore);
      dictionary.truncate(before.terms());
    }
  }
}
