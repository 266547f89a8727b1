package dev.penstock.compiler;

import clojure.lang.AFn;
import clojure.lang.IFn;
import clojure.lang.Keyword;
import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The steps that run functions, under the same contract as every operator. */
@Tag("least")
class StreamStepsTest {
  private static final DataType[] IN = {DataType.INT64, DataType.VARCHAR};
  private static final Items ROWS =
      new Items(Schema.of(new Field("n", DataType.INT64), new Field("s", DataType.VARCHAR)), true);
  private static final Items OUT = new Items(Schema.of(new Field("n", DataType.INT64)), true);
  private static final Keyword N = Keyword.intern("n");

  /** Each row with a number gives itself and its successor; a null gives nothing. */
  private static final IFn TWICE =
      new AFn() {
        @Override
        @SuppressWarnings("unchecked")
        public Object invoke(Object item, Object out) {
          Object n = ((Map<Object, Object>) item).get(N);
          if (n != null) {
            ((List<Object>) out).add(Map.of(N, n));
            ((List<Object>) out).add(Map.of(N, ((Long) n) + 1));
          }
          return null;
        }
      };

  private static Batch input() {
    return new TestBatches(5).batch(700, Shape.PLAIN.withNulls(0.1).withDistinct(90), IN);
  }

  @Test
  void evalGivesWhatItsFunctionGives() {
    Batch batch = input();
    List<List<@Nullable Object>> expected = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      Object n = batch.row(i)[0];
      if (n != null) {
        expected.add(TestBatches.row(n));
        expected.add(TestBatches.row((Long) n + 1));
      }
    }
    NodeHarness.parallelStep(query -> new EvalStep(query, ROWS, OUT, TWICE, false))
        .input(List.of(batch))
        .types(DataType.INT64)
        .expect(expected);
  }

  @Test
  void sharedRowsGiveNothingUntilTheyAreRead() {
    NodeHarness.breaker((query, lanes) -> new SharedRows(query, IN))
        .lanes(1)
        .input(List.of(input()))
        .types(IN)
        .expect(List.of());
  }

  @Test
  void reduceMergesItsLanes() {
    Batch batch = input();
    long sum = 0;
    for (int i = 0; i < batch.count(); i++) {
      sum += batch.row(i)[0] == null ? 0 : (Long) batch.row(i)[0] % 1000;
    }
    IFn plus =
        new AFn() {
          @Override
          public Object invoke() {
            return 0L;
          }

          @Override
          public Object invoke(Object a, Object b) {
            Object n = b instanceof Map<?, ?> m ? m.get(N) : b;
            return (Long) a
                + (n == null
                    ? 0
                    : b instanceof Collection ? 0 : b instanceof Map ? (Long) n % 1000 : (Long) n);
          }
        };
    Items it = new Items(Schema.of(new Field("it", DataType.INT64)), false);
    NodeHarness.breaker(
            (query, lanes) ->
                new Reduce(
                    query,
                    ROWS,
                    it,
                    plus,
                    plus,
                    plus,
                    null,
                    false,
                    new ArrayList<>(),
                    HeldObject.room(query, "accumulators of a reduce", 4)))
        .input(List.of(batch))
        .types(DataType.INT64)
        .expect(List.of(TestBatches.row(sum)));
  }
}
