package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import java.util.List;

/**
 * An operator as {@link NodeHarness} drives it: some inputs, each with a step per lane, and then
 * perhaps morsels. Steps, breakers and joins (input 0 the build side, input 1 the probe side) all
 * fit.
 *
 * <pre>
 * input 0: sink(0, lane)...  all DONE, inputDone(0)
 * input 1: sink(1, lane)...  all DONE, inputDone(1)
 * finish(), decoder()...
 * every step closed, every decoder closed, close()
 * </pre>
 */
public interface Rig extends AutoCloseable {
  /** How many inputs it takes. */
  default int inputs() {
    return 1;
  }

  /** The step of one lane of one input; what it offers counts as output. */
  Step<Batch> sink(int input, int lane);

  /** All lanes of the input are DONE (not yet closed). */
  default void inputDone(int input) {}

  /** Morsels, after all inputs are done. */
  default List<? extends Source.Morsel> finish() {
    return List.of();
  }

  /** A decoder of the morsels. */
  default Source.Decoder decoder() {
    throw new IllegalStateException("no morsels, no decoder");
  }

  @Override
  default void close() {}

  /** A breaker. */
  static Rig of(Breaker breaker) {
    return new Rig() {
      @Override
      public Step<Batch> sink(int input, int lane) {
        return breaker.sink(lane);
      }

      @Override
      public List<? extends Source.Morsel> finish() {
        return breaker.finish();
      }

      @Override
      public Source.Decoder decoder() {
        return breaker.decoder();
      }

      @Override
      public void close() {
        breaker.close();
      }
    };
  }
}
