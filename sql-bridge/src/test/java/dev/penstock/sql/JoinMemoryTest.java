package dev.penstock.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joins whose build sides are larger than the memory cap give what they give with ample memory. */
class JoinMemoryTest {
  private static final String A =
      "(select range as k, range % 1000 as r, 'left-' || range as t from range(80000))";
  private static final String B =
      "(select range * 2 as k, range % 1000 as r, 'right-' || range as t from range(80000))";

  /** A third of the rows have one key. */
  private static final String HOT =
      "(select case when range % 3 = 0 then 7 else range end as k, range % 1000 as r,"
          + " 'hot-' || range as t from range(160000))";

  private static final String NULLS =
      "(select case when range % 50 = 3 then null else range * 3 end as k, range % 100 as r,"
          + " 'n-' || range as t from range(80000))";

  @TempDir Path directory;

  private static List<String> queries() {
    String sums = "select count(*), count(x.k), count(y.k), sum(length(x.t)), sum(length(y.t))";
    List<String> out = new ArrayList<>();
    for (String kind : new String[] {"join", "left join", "right join", "full join"}) {
      out.add(sums + " from " + A + " x " + kind + " " + B + " y on x.k = y.k");
      out.add(
          sums + " from " + A + " x " + kind + " " + NULLS + " y on x.k = y.k and x.r < y.r * 9");
      out.add(sums + " from " + A + " x " + kind + " " + HOT + " y on x.k = y.k");
    }
    out.add(sums + " from " + NULLS + " x join " + HOT + " y on x.t = replace(y.t, 'hot', 'n')");
    String some = "select count(*), sum(length(t)) from ";
    out.add(some + A + " x where k in (select k from " + NULLS + " y)");
    out.add(some + A + " x where k not in (select k from " + NULLS + " y)");
    out.add(some + NULLS + " x where k not in (select k from " + B + " y)");
    out.add(
        some
            + A
            + " x where exists (select 1 from "
            + HOT
            + " y where y.k = x.k and y.r <> x.r) or x.r = 5");
    return out;
  }

  private static List<List<Object>> rows(Engine engine, String query) {
    try (Result result = new SqlSession(engine).execute(query)) {
      return result.rows().stream().map(Arrays::asList).toList();
    }
  }

  @Test
  void smallCaps() throws IOException {
    try (Engine ample = Engine.create(EngineOptions.defaults().withWorkers(2));
        Engine small =
            Engine.create(
                EngineOptions.defaults()
                    .withWorkers(2)
                    .withMemoryBytes(4L << 20)
                    .withSpillTo(new EngineOptions.SpillTo(directory, Long.MAX_VALUE)))) {
      boolean spilled = false;
      for (String query : queries()) {
        assertEquals(rows(ample, query), rows(small, query), query);
        assertEquals(0, small.budget().usedBytes(), query);
        try (Stream<Path> files = Files.walk(directory)) {
          spilled |= files.count() > 1;
        }
      }
      assertTrue(spilled, "nothing was spilled");
    }
  }
}
