package dev.penstock.sparql.store;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.nodes.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The triples of a pattern whose subject or object is one of a few keys, which the build side of a
 * join has: each key is looked up, where that is less than reading all matches. One lane.
 */
final class KeyedTriples {
  private static final int SUBJECT = 0;
  private static final int OBJECT = 2;
  private static final int GRAPH = 3;

  /** A look-up of a key is as much as reading so many triples. */
  private static final long TRIPLES_A_KEY = 100;

  private static final int KEYS = 256;

  /** Some of the keys, in one graph. */
  record Keys(
      TripleGraph graph, long name, long s, long p, long o, int part, long[] keys, int from, int to)
      implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 64;
    }
  }

  private final Keys of;
  private int at;
  private TripleGraph.@Nullable Range range;
  private long given;

  KeyedTriples(Keys of) {
    this.of = of;
    this.at = of.from();
  }

  /**
   * The morsels of a scan.
   *
   * @param rows matches of the pattern
   * @return null: all matches are to be read
   */
  static @Nullable List<Keys> morsels(
      Source.Request request,
      @Nullable Long s,
      @Nullable Long p,
      @Nullable Long o,
      Map<Long, TripleGraph> graphs,
      long rows) {
    long[] subjects = s == null ? JoinKeys.of(request, SUBJECT) : null;
    long[] objects = o == null ? JoinKeys.of(request, OBJECT) : null;
    boolean byObject = objects != null && (subjects == null || objects.length < subjects.length);
    long[] keys = byObject ? objects : subjects;
    int part = byObject ? OBJECT : SUBJECT;
    if (keys == null || TRIPLES_A_KEY * keys.length * graphs.size() >= rows) {
      return null;
    }
    List<Keys> out = new ArrayList<>();
    for (Map.Entry<Long, TripleGraph> g : graphs.entrySet()) {
      for (int from = 0; from < keys.length; from += KEYS) {
        int to = Math.min(keys.length, from + KEYS);
        out.add(
            new Keys(g.getValue(), g.getKey(), known(s), known(p), known(o), part, keys, from, to));
      }
    }
    return out;
  }

  private static long known(@Nullable Long id) {
    return id == null ? 0 : id;
  }

  /** The next triples; null at the end. */
  @Nullable Batch next(int[] wanted) {
    long[][] parts = new long[GRAPH][];
    for (int column : wanted) {
      if (column != GRAPH) {
        parts[column] = new long[Block.ROWS];
      }
    }
    int n = 0;
    while (n < Block.ROWS) {
      TripleGraph.Range now = range;
      if (now == null || given == now.size()) {
        if (at == of.to()) {
          break;
        }
        long key = of.keys()[at++];
        range =
            of.graph()
                .lookUp(
                    of.part() == SUBJECT ? key : of.s(),
                    of.p(),
                    of.part() == OBJECT ? key : of.o());
        given = 0;
        continue;
      }
      int count = (int) Math.min(Block.ROWS - n, now.size() - given);
      for (int column : wanted) {
        if (column != GRAPH) {
          now.copy(column, given, count, parts[column], n);
        }
      }
      given += count;
      n += count;
    }
    if (n == 0) {
      return null;
    }
    Column[] columns = new Column[wanted.length];
    for (int c = 0; c < wanted.length; c++) {
      columns[c] =
          wanted[c] == GRAPH
              ? ConstantColumn.of(
                  DataType.INT64,
                  of.name() == TripleStore.DEFAULT_GRAPH ? null : (Long) of.name(),
                  n)
              : new LongColumn(
                  DataType.INT64,
                  2 * n < Block.ROWS ? Arrays.copyOf(parts[wanted[c]], n) : parts[wanted[c]],
                  null,
                  n);
    }
    return Batch.of(n, columns);
  }
}
