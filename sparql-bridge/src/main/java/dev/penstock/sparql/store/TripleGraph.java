package dev.penstock.sparql.store;

import dev.penstock.sparql.term.IdRanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The triples of one graph in three orders, with figures about them. Immutable. */
public final class TripleGraph {
  private final GraphRuns[] orders;
  private final int number;
  private final Run spo;
  private final Run pos;
  private final Run osp;

  /** What is known of a predicate: its triples, and how many subjects and objects they have. */
  public record Predicate(long triples, long subjects, long objects) {}

  /** The graph with a number of these runs; -1: one without triples. */
  TripleGraph(GraphRuns spo, GraphRuns pos, GraphRuns osp, int number) {
    this.orders = new GraphRuns[] {spo, pos, osp};
    this.number = number;
    this.spo = run(spo);
    this.pos = run(pos);
    this.osp = run(osp);
  }

  private Run run(GraphRuns order) {
    return number < 0 ? new Run(dev.penstock.sparql.page.Bytes.NONE, 0, 0) : order.run(number);
  }

  /** How many different subjects there are. */
  public long subjects() {
    return number < 0 ? 0 : orders[0].firsts(number);
  }

  /** Figures by the id of the predicate. */
  public Map<Long, Predicate> predicates() {
    Map<Long, Predicate> out = new HashMap<>();
    for (long k = 0; number >= 0 && k < orders[1].predicates(number); k++) {
      long id = orders[1].predicate(number, k);
      Predicate figures = predicate(id);
      if (figures != null) {
        out.put(id, figures);
      }
    }
    return out;
  }

  /** How many different predicates there are. */
  public long predicateCount() {
    return number < 0 ? 0 : orders[1].firsts(number);
  }

  /** How many different objects there are. */
  public long objects() {
    return number < 0 ? 0 : orders[2].firsts(number);
  }

  /** What is known of a predicate; null: it is not there, or there are too many to count. */
  public @Nullable Predicate predicate(long id) {
    long triples = number < 0 ? -1 : orders[1].figure(number, id, 0);
    if (triples < 0) {
      return null;
    }
    long subjects = orders[0].figure(number, id, 1);
    return new Predicate(
        triples, subjects < 0 ? triples : subjects, orders[1].figure(number, id, 1));
  }

  public long size() {
    return spo.size();
  }

  /** About how many subjects and objects there are. */
  public long nodeCount() {
    return subjects() + objects();
  }

  /** All subjects and objects of some graphs, each once, by id. */
  public static Nodes nodes(List<TripleGraph> graphs) {
    List<Firsts> all = new ArrayList<>();
    for (TripleGraph g : graphs) {
      all.add(new Firsts(g.spo));
      all.add(new Firsts(g.osp));
    }
    return new Nodes(all);
  }

  /** Different nodes, ascending. One thread. */
  public static final class Nodes {
    private final List<Firsts> all;

    private Nodes(List<Firsts> all) {
      this.all = all;
    }

    /** The next ones, at most so many; none at the end. */
    public long[] next(int most) {
      long[] out = new long[most];
      int n = 0;
      while (n < most) {
        long least = Long.MAX_VALUE;
        boolean any = false;
        for (Firsts f : all) {
          if (!f.atEnd()) {
            least = any ? Math.min(least, f.value) : f.value;
            any = true;
          }
        }
        if (!any) {
          break;
        }
        for (Firsts f : all) {
          if (!f.atEnd() && f.value == least) {
            f.skip();
          }
        }
        out[n++] = least;
      }
      return java.util.Arrays.copyOf(out, n);
    }
  }

  /** The different first parts of a run. */
  private static final class Firsts {
    private final Run run;
    private final long[] values = new long[Block.ROWS];
    private long at;
    private int row;
    private int rows;
    private long value;

    Firsts(Run run) {
      this.run = run;
      load();
    }

    boolean atEnd() {
      return row == rows;
    }

    private void load() {
      rows = (int) Math.min(Block.ROWS, run.size() - at);
      row = 0;
      if (rows > 0) {
        run.copy(0, at, rows, values);
        at += rows;
        value = values[0];
      }
    }

    void skip() {
      long old = value;
      while (row < rows && values[row] == old) {
        if (++row == rows) {
          load();
        }
      }
      if (row < rows) {
        value = values[row];
      }
    }
  }

  /** The triples with these parts; null is any. */
  public Range find(@Nullable Long s, @Nullable Long p, @Nullable Long o) {
    if (s != null) {
      return o != null && p == null
          ? range(osp, 2, o, s)
          : range(spo, 0, s, p, p == null ? null : o);
    }
    if (p != null) {
      return range(pos, 1, p, o);
    }
    return o != null ? range(osp, 2, o) : range(spo, 0);
  }

  /** The same; 0 is any. */
  public Range lookUp(long s, long p, long o) {
    if (s != 0) {
      return o != 0 && p == 0 ? known(osp, 2, o, s, 0) : known(spo, 0, s, p, o);
    }
    return p != 0 ? known(pos, 1, p, o, 0) : o != 0 ? known(osp, 2, o, 0, 0) : range(spo, 0);
  }

  private static Range known(Run run, int rotation, long a, long b, long c) {
    int count = b == 0 ? 1 : c == 0 ? 2 : 3;
    long[] known = {a, b, c};
    long from = run.bound(known, count, false, 0);
    return new Range(run, rotation, from, run.end(known, count, from));
  }

  /**
   * @param rotation of the run: part k of a triple is its key (k - rotation) mod 3
   */
  private static Range range(Run run, int rotation, @Nullable Long... parts) {
    long[] known = new long[parts.length];
    int count = 0;
    for (Long v = parts.length == 0 ? null : parts[0];
        v != null;
        v = count < parts.length ? parts[count] : null) {
      known[count++] = v;
    }
    if (count == 0) {
      return new Range(run, rotation, 0, run.size());
    }
    long from = run.bound(known, count, false, 0);
    return new Range(run, rotation, from, run.bound(known, count, true, from));
  }

  /**
   * Among how many triples those of a pattern are found that have a value of a part that is open:
   * the matches, or all of the graph where others lie between them; -1: they are not found so.
   */
  long findsAmong(@Nullable Long s, @Nullable Long p, @Nullable Long o, int part) {
    if (part == 1) {
      return -1;
    }
    return isWide(s, p, o, part) ? size() : find(s, p, o).size();
  }

  /** Is the part before the known one in the run that has the matches of one value together? */
  private static boolean isWide(@Nullable Long s, @Nullable Long p, @Nullable Long o, int part) {
    return part == 0 ? p != null && o == null : s != null && p == null;
  }

  /**
   * A finder of the triples of a pattern by a part that is open: subject (0) or object (2).
   *
   * @param copied parts
   */
  RunFinder finder(@Nullable Long s, @Nullable Long p, @Nullable Long o, int part, int[] copied) {
    boolean wide = isWide(s, p, o, part);
    boolean all = wide || (s == null && p == null && o == null);
    Run run = part == 0 ? spo : osp;
    Range range = all ? new Range(run, part, 0, run.size()) : find(s, p, o);
    @Nullable Long[] given = {s, p, o};
    long[] parts = new long[3];
    for (int k = 0; k < parts.length; k++) {
      Long value = given[(k + range.rotation) % 3];
      parts[k] = value == null ? 0 : value;
    }
    int[] keys = new int[copied.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = range.key(copied[i]);
    }
    int at = range.key(part);
    return new RunFinder(range.run, range.from, range.to, parts, wide ? at + 2 : at + 1, at, keys);
  }

  /** Neighbouring triples of a run. Immutable. */
  public static final class Range {
    private final Run run;
    private final int rotation;
    private final long from;
    private final long to;

    Range(Run run, int rotation, long from, long to) {
      this.run = run;
      this.rotation = rotation;
      this.from = from;
      this.to = to;
    }

    public long size() {
      return to - from;
    }

    Range part(long start, long count) {
      return new Range(run, rotation, from + start, from + start + count);
    }

    /**
     * Of the triples with one predicate, those whose objects are in some ranges; the whole if this
     * is another kind of range.
     */
    List<Range> narrowed(IdRanges objects) {
      if (rotation != 1 || size() == 0) {
        return List.of(this);
      }
      List<Range> out = new ArrayList<>();
      long[] parts = {run.get(0, from), 0};
      long at = from;
      for (int k = 0; k < objects.count() && at < to; k++) {
        parts[1] = objects.low(k);
        long low = Math.min(to, run.bound(parts, 2, false, at));
        parts[1] = objects.high(k);
        at = Math.min(to, run.bound(parts, 2, true, low));
        if (at > low) {
          out.add(new Range(run, rotation, low, at));
        }
      }
      return out;
    }

    /** How many of the first triples lie in one block. */
    int untilBlockEnd() {
      return (int) Math.min(size(), Block.ROWS - (from & (Block.ROWS - 1)));
    }

    private int key(int part) {
      return (part - rotation + 3) % 3;
    }

    /** Part 0 (subject), 1 (predicate) or 2 (object) of the i-th triple. */
    public long get(int part, long i) {
      return run.get(key(part), from + i);
    }

    /** Values of a part. */
    public void copy(int part, long start, int count, long[] out) {
      copy(part, start, count, out, 0);
    }

    void copy(int part, long start, int count, long[] out, int outAt) {
      run.copy(key(part), from + start, count, out, outAt);
    }
  }
}
