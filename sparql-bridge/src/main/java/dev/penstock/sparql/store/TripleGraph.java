package dev.penstock.sparql.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The triples of one graph in three orders, with figures about them. Immutable. */
public final class TripleGraph {
  static final TripleGraph EMPTY = TripleGraph.of(new Triples());

  private final Run spo;
  private final Run pos;
  private final Run osp;
  private final long subjects;
  private final long objects;
  private final Map<Long, Predicate> predicates;

  /** What is known of a predicate: its triples, and how many subjects and objects they have. */
  public record Predicate(long triples, long subjects, long objects) {}

  private TripleGraph(Run spo, Run pos, Run osp) {
    this.spo = spo;
    this.pos = pos;
    this.osp = osp;
    this.subjects = distinct(spo.key(0));
    this.objects = distinct(osp.key(0));
    this.predicates = predicates(spo, pos);
  }

  static TripleGraph of(Triples t) {
    Run spo = Run.of(t.s, t.p, t.o);
    LongRow s = spo.key(0);
    LongRow p = spo.key(1);
    LongRow o = spo.key(2);
    return new TripleGraph(spo, Run.of(p, o, s), Run.of(o, s, p));
  }

  private static long distinct(LongRow sorted) {
    long n = 0;
    for (int i = 0; i < sorted.size(); i++) {
      n += i == 0 || sorted.get(i) != sorted.get(i - 1) ? 1 : 0;
    }
    return n;
  }

  private static Map<Long, Predicate> predicates(Run spo, Run pos) {
    Map<Long, Long> subjects = new HashMap<>();
    LongRow s = spo.key(0);
    LongRow p = spo.key(1);
    for (int i = 0; i < spo.size(); i++) {
      if (i == 0 || s.get(i) != s.get(i - 1) || p.get(i) != p.get(i - 1)) {
        subjects.merge(p.get(i), 1L, Long::sum);
      }
    }
    Map<Long, Predicate> out = new HashMap<>();
    LongRow first = pos.key(0);
    LongRow second = pos.key(1);
    for (int from = 0, i = 0; i < pos.size(); from = i) {
      long objects = 0;
      for (; i < pos.size() && first.get(i) == first.get(from); i++) {
        objects += i == from || second.get(i) != second.get(i - 1) ? 1 : 0;
      }
      long predicate = first.get(from);
      out.put(predicate, new Predicate(i - from, subjects.getOrDefault(predicate, 1L), objects));
    }
    return out;
  }

  /** How many different subjects there are. */
  public long subjects() {
    return subjects;
  }

  /** How many different objects there are. */
  public long objects() {
    return objects;
  }

  /** Figures by the id of the predicate. */
  public Map<Long, Predicate> predicates() {
    return predicates;
  }

  public int size() {
    return spo.size();
  }

  /** About how many subjects and objects there are. */
  public long nodeCount() {
    return subjects + objects;
  }

  /** All subjects and objects, each once. */
  public long[] nodes() {
    return nodes(List.of(this));
  }

  /** All subjects and objects of some graphs, each once. */
  public static long[] nodes(List<TripleGraph> graphs) {
    LongStream all = LongStream.empty();
    for (TripleGraph g : graphs) {
      all = LongStream.concat(all, LongStream.concat(firsts(g.spo.key(0)), firsts(g.osp.key(0))));
    }
    return all.sorted().distinct().toArray();
  }

  private static LongStream firsts(LongRow sorted) {
    return IntStream.range(0, sorted.size())
        .filter(i -> i == 0 || sorted.get(i) != sorted.get(i - 1))
        .mapToLong(sorted::get);
  }

  long sizeBytes() {
    return spo.sizeBytes() + pos.sizeBytes() + osp.sizeBytes() + 128L * predicates.size();
  }

  /** A new collection of all triples and more. */
  void addTo(Triples out) {
    for (int i = 0; i < spo.size(); i++) {
      out.add(spo.key(0).get(i), spo.key(1).get(i), spo.key(2).get(i));
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
    return count == 0
        ? new Range(run, rotation, 0, run.size())
        : new Range(run, rotation, run.bound(known, count, false), run.bound(known, count, true));
  }

  /** Neighbouring triples of a run. */
  public static final class Range {
    private final Run run;
    private final int rotation;
    private final int from;
    private final int to;

    Range(Run run, int rotation, int from, int to) {
      this.run = run;
      this.rotation = rotation;
      this.from = from;
      this.to = to;
    }

    public int size() {
      return to - from;
    }

    Range part(int start, int count) {
      return new Range(run, rotation, from + start, from + start + count);
    }

    private LongRow row(int part) {
      return run.key((part - rotation + 3) % 3);
    }

    /** Part 0 (subject), 1 (predicate) or 2 (object) of the i-th triple. */
    public long get(int part, int i) {
      return row(part).get(from + i);
    }

    /** All values of a part. */
    long[] values(int part) {
      long[] out = new long[size()];
      row(part).copy(from, out.length, out);
      return out;
    }
  }
}
