package dev.penstock.nodes.group;

import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.table.Ints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keys that more than one lane of a {@link Group} may have, where rows came in the order of a key:
 * then lanes meet at the ends of their ranges only, and all other groups are whole in their lane.
 *
 * <pre>
 * lane 0   [1 ............ 300]                 [600 ........ 900]
 * lane 1                 [300 .............. 600]
 * shared                 [300]                  [600]
 * </pre>
 *
 * <p>Whoever gives the groups of a lane leaves the shared ones here; the last one merges them.
 *
 * <p>Concurrency: the ranges do not change; groups that are left are guarded by the lock.
 */
final class SharedKeys implements AutoCloseable {
  /** Up to this share of the keys, merging only the shared ones is worth while. */
  private static final double MOST_SHARED = 1 / 16.0;

  private final int key;
  private final long[] lows;
  private final long[] highs;
  private final Reservation reservation;

  /** By lane: which groups are shared, the first so many entries. */
  private final Map<GroupLane, Left> left = new IdentityHashMap<>();

  private final AtomicInteger morsels = new AtomicInteger();

  private static final class Left {
    final Ints groups;
    int count;

    Left(Ints groups) {
      this.groups = groups;
    }
  }

  private SharedKeys(int key, List<long[]> ranges, Reservation reservation) {
    this.key = key;
    this.reservation = reservation;
    this.lows = ranges.stream().mapToLong(r -> r[0]).toArray();
    this.highs = ranges.stream().mapToLong(r -> r[1]).toArray();
  }

  /** What the lanes share; null where the rows came in no order, or memory is tight. */
  static @Nullable SharedKeys of(GroupPlan plan, List<GroupLane> lanes, QueryContext query) {
    for (int i = 0; i < lanes.get(0).ranges().size(); i++) {
      int at = i;
      List<KeyRanges> ranges = lanes.stream().map(lane -> lane.ranges().get(at)).toList();
      if (ranges.stream().allMatch(KeyRanges::isOrdered)) {
        List<long[]> shared = shared(ranges, query);
        if (shared != null) {
          return made(plan, ranges.get(0).key(), shared, lanes, query);
        }
      }
    }
    return null;
  }

  private static @Nullable SharedKeys made(
      GroupPlan plan, int key, List<long[]> shared, List<GroupLane> lanes, QueryContext query) {
    double keys = 0;
    for (long[] range : shared) {
      keys += (double) range[1] - range[0] + 1;
    }
    Reservation reservation = query.budget().open("group (shared keys)");
    SharedKeys made = new SharedKeys(key, shared, reservation);
    for (GroupLane lane : lanes) {
      // one group for each key, or fewer, if there is no other key column
      int most = plan.keys.length == 1 ? (int) Math.min(keys, lane.groups()) : lane.groups();
      if (!lane.fits(Ints.bytesFor(most))) {
        made.close();
        return null;
      }
      Ints groups = new Ints(reservation);
      groups.ensure(most);
      made.left.put(lane, new Left(groups));
    }
    return made;
  }

  /** The ranges that lie in ranges of two lanes or more; null if they are too wide. */
  private static @Nullable List<long[]> shared(List<KeyRanges> lanes, QueryContext query) {
    record Range(long low, long high, int lane) {}
    List<Range> all = new ArrayList<>();
    double covered = 0;
    for (int lane = 0; lane < lanes.size(); lane++) {
      KeyRanges of = lanes.get(lane);
      query.token().check();
      for (int r = 0; r < of.count(); r++) {
        all.add(new Range(of.low(r), of.high(r), lane));
        covered += (double) of.high(r) - of.low(r) + 1;
      }
    }
    all.sort(Comparator.comparingLong(Range::low));
    long[] highest = new long[lanes.size()];
    Arrays.fill(highest, Long.MIN_VALUE);
    List<long[]> out = new ArrayList<>();
    double width = 0;
    for (Range range : all) {
      long other = Long.MIN_VALUE;
      for (int lane = 0; lane < highest.length; lane++) {
        other = lane == range.lane ? other : Math.max(other, highest[lane]);
      }
      highest[range.lane] = Math.max(highest[range.lane], range.high);
      if (other >= range.low) {
        width += add(out, range.low, Math.min(other, range.high));
      }
    }
    return width - out.size() > MOST_SHARED * covered ? null : out;
  }

  /** Adds a range whose low end is not below those that are there; gives what it adds in width. */
  private static double add(List<long[]> to, long low, long high) {
    long[] last = to.isEmpty() ? null : to.get(to.size() - 1);
    if (last != null && low <= last[1]) {
      double more = Math.max(0.0, (double) high - last[1]);
      last[1] = Math.max(last[1], high);
      return more;
    }
    to.add(new long[] {low, high});
    return (double) high - low + 1;
  }

  /** So many morsels will call {@link #isLast}. */
  void expect(int count) {
    morsels.set(count);
  }

  /** A morsel was given; whether it was the last one. */
  boolean isLast() {
    return morsels.decrementAndGet() == 0;
  }

  /**
   * Moves groups that no other lane has to the front, leaves the others here; gives their number.
   */
  int take(GroupLane lane, int[] groups, int count) {
    FlatColumn keys = lane.state().table().keys(groups, count)[key];
    long[] longs = keys instanceof LongColumn l ? l.values() : null;
    int[] ints = longs == null ? ((IntColumn) keys).values() : null;
    int[] shared = new int[count];
    int n = 0;
    // the keys between two shared ranges, as keys near each other follow each other
    long from = 1;
    long to = 0;
    for (int i = 0; i < count; i++) {
      long v = longs != null ? longs[i] : ints[i];
      if (v < from || v > to) {
        int range = rangeBefore(v);
        if (range >= 0 && v <= highs[range]) {
          shared[n++] = groups[i];
          continue;
        }
        from = range < 0 ? Long.MIN_VALUE : highs[range] + 1;
        to = range + 1 == lows.length ? Long.MAX_VALUE : lows[range + 1] - 1;
      }
      groups[i - n] = groups[i];
    }
    if (n > 0) {
      leave(lane, shared, n);
    }
    return count - n;
  }

  /** The last range that begins at or before a key; -1 for none. */
  private int rangeBefore(long key) {
    int at = Arrays.binarySearch(lows, key);
    return at >= 0 ? at : -at - 2;
  }

  private synchronized void leave(GroupLane lane, int[] groups, int count) {
    Left to = left.get(lane);
    for (int i = 0; i < count; i++) {
      to.groups.set(to.count++, groups[i]);
    }
  }

  /** Merges what was left; when all morsels were given. */
  synchronized void feed(GroupFill to, int stride) {
    left.forEach(
        (lane, of) -> {
          for (int from = 0; from < of.count; from += stride) {
            int n = Math.min(stride, of.count - from);
            int[] groups = new int[n];
            for (int i = 0; i < n; i++) {
              groups[i] = of.groups.get(from + i);
            }
            to.take(new Piece.OfLane(lane, groups, n));
          }
        });
  }

  @Override
  public void close() {
    reservation.close();
  }
}
