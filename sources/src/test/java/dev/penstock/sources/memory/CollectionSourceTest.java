package dev.penstock.sources.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sources.Scans;
import dev.penstock.sources.SourceContract;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CollectionSourceTest extends SourceContract {
  private static final Schema SCHEMA =
      Schema.of(new Field("Id", DataType.INT64), new Field("Name", DataType.VARCHAR));

  /** A row of a host program. */
  private record Person(long id, @Nullable String name) {
    @Nullable Object get(String column) {
      return column.equals("Id") ? (Object) id : name;
    }
  }

  private static List<Person> people(int n) {
    return LongStream.range(0, n)
        .mapToObj(i -> new Person(i, i % 3 == 0 ? null : "p" + i))
        .toList();
  }

  @Override
  protected Source source() {
    return CollectionSource.of(SCHEMA, new LinkedList<>(people(5000)), Person::get);
  }

  @Override
  protected Source damaged() {
    return CollectionSource.ofMaps(SCHEMA, List.of(Map.of("Id", "not a number")));
  }

  @Test
  void mapsAndArraysAreRows() {
    List<List<@Nullable Object>> expected =
        List.of(Arrays.asList(1L, null), Arrays.asList(2L, "b"));
    assertEquals(
        expected,
        Scans.rows(
            CollectionSource.ofMaps(
                SCHEMA, List.of(Map.of("Id", 1, "Other", 5), Map.of("Id", 2L, "Name", "b")))));
    assertEquals(
        expected,
        Scans.rows(
            CollectionSource.ofArrays(
                SCHEMA,
                List.of(new @Nullable Object[] {1, null}, new @Nullable Object[] {2, "b"}))));
  }

  @Test
  void aValueOfAnotherTypeNamesRowAndColumn() {
    PenstockException e = assertThrows(PenstockException.class, () -> Scans.rows(damaged()));
    assertEquals(
        "row 0 of the collection, column Id: expected a value of type int64, got not a number"
            + " (java.lang.String)",
        e.getMessage());
  }
}
