package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import java.util.List;

/**
 * An operator that must see its whole input before it gives anything: group, sort, the build side
 * of a join. It ends one node and begins the next.
 *
 * <pre>
 * node A: ... -> [sink lane 0]          node B: morsels -> [decoder lane 0] -> ...
 *         ... -> [sink lane 1]  finish()  ---^             [decoder lane 1] -> ...
 * </pre>
 *
 * <p>Order of calls: {@link #sink} once per lane; the sinks run in parallel; when all of them are
 * DONE (and not yet closed) {@link #finish} runs exactly once, on a compute thread; then the
 * decoders run, in parallel, each morsel given to one of them. What the sinks wrote happens-before
 * finish, and finish happens-before the decoders. {@link #close} comes last in any case, also after
 * a cancellation at any point, and frees everything.
 */
public interface Breaker extends AutoCloseable {
  /** The sink step of one lane; it takes everything and offers nothing to its outlet. */
  Step<Batch> sink(int lane);

  /**
   * Ends the input. The morsels, in the order of the output if the operator orders it; heavy work
   * belongs into the decoders, where it is parallel, as far as it can be divided.
   */
  List<? extends Source.Morsel> finish();

  /** A new decoder: makes batches of morsels. */
  Source.Decoder decoder();

  @Override
  void close();
}
