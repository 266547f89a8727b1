package dev.penstock.sources.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.Source;
import dev.penstock.sources.Scans;
import dev.penstock.sources.SourceContract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchSourceTest extends SourceContract {
  private static final Schema SCHEMA =
      Schema.of(new Field("Id", DataType.INT64), new Field("Name", DataType.VARCHAR));

  private static List<List<@Nullable Object>> literals(int n) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (long i = 0; i < n; i++) {
      rows.add(Arrays.asList(i, i % 4 == 0 ? null : "n" + i));
    }
    return rows;
  }

  @Override
  protected Source source() {
    return BatchSource.ofRows(SCHEMA, literals(5000));
  }

  @Override
  protected @Nullable Source damaged() {
    return null;
  }

  @Test
  void literalRowsComeBack() {
    for (int n : new int[] {0, 1, 2047, 2048, 2049}) {
      Source s = BatchSource.ofRows(SCHEMA, literals(n));
      assertEquals(literals(n), Scans.rows(s));
      assertEquals(n, s.rowCount());
    }
  }
}
