package dev.penstock.nodes.sort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcatTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void piecesMakeTheWhole(int seed) {
    System.out.println("seed " + seed);
    TestBatches data = new TestBatches(seed);
    for (DataType type : TestBatches.TYPES) {
      Shape shape = Shape.PLAIN.withNulls(seed % 2 == 0 ? 0 : 0.2).withDistinct(20);
      Batch whole = Batch.of(500, data.column(type, 500, shape));
      List<Column> parts = new ArrayList<>();
      for (int from = 0; from < 500; ) {
        int to = Math.min(500, from + data.random().nextInt(130));
        parts.add(data.encoded(whole.slice(from, to).compact()).column(0));
        from = to;
      }
      Column joined = Concat.of(type, parts.toArray(new Column[0]));
      assertEquals(TestBatches.rows(whole), TestBatches.rows(Batch.of(500, joined)));
      assertEquals(type, joined.type());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void aSharedDictionaryStays(int parts) {
    DictionaryColumn whole =
        new DictionaryColumn(
            TestBatches.columnOf(DataType.VARCHAR, "a", "b", null), new int[] {0, -1, 2, 1}, 4);
    Column[] columns = new Column[parts];
    List<List<Object>> expected = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      columns[i] = whole.gather(new int[] {3, 1, 0}, 3);
      expected.addAll(
          List.of(TestBatches.row("b"), TestBatches.row((Object) null), TestBatches.row("a")));
    }
    Column joined = Concat.of(DataType.VARCHAR, columns);
    assertEquals(expected, TestBatches.rows(Batch.of(3 * parts, joined)));
    assertSame(whole.dictionary(), ((DictionaryColumn) joined).dictionary());
  }
}
