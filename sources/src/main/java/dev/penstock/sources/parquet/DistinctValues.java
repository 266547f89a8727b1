package dev.penstock.sources.parquet;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.DistinctSample;
import dev.penstock.sources.ValueRange;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how many different values a column has. What the footers say comes first (counts that
 * some writers leave there, the range of whole numbers); else a few row groups are looked into.
 */
final class DistinctValues {
  /** Row groups that are looked into. */
  private static final int GROUPS = 3;

  /** A range of whole numbers with this many rows for each of them is taken to be full. */
  private static final int ROWS_PER_VALUE = 100;

  private record Group(ParquetFile file, ParquetColumn column, int group, Bounds bounds) {
    /** As the writer counted, or -1. */
    long counted() {
      if (bounds.isAllNull()) {
        return 0;
      }
      Statistics s =
          file.rowGroup(group).getColumns().get(column.leaf()).getMeta_data().getStatistics();
      return s != null && s.isSetDistinct_count() && s.getDistinct_count() > 0
          ? s.getDistinct_count()
          : -1;
    }
  }

  private DistinctValues() {}

  /**
   * Blocking.
   *
   * @param all the bounds over all files
   * @return negative when unknown
   */
  static long estimate(List<ParquetFile> files, String name, Bounds all) {
    long notNull = all.rows() - Math.max(0, all.nulls());
    List<Group> groups = groups(files, name);
    if (notNull <= 0 || groups == null) {
      return notNull <= 0 ? 0 : -1;
    }
    long range = ValueRange.size(all.min(), all.max());
    long atMost = Math.min(notNull, range);
    if (range <= notNull / ROWS_PER_VALUE) {
      // few whole numbers for many rows; unless a count says that there are gaps between them
      long counted = mostOf(groups);
      return counted < 0 || counted * 2 >= range ? range : bySample(groups, all.rows(), atMost);
    }
    return groups.isEmpty() ? 0 : bySample(groups, all.rows(), atMost);
  }

  private static long mostOf(List<Group> groups) {
    long most = -1;
    for (Group g : groups) {
      most = Math.max(most, g.counted());
    }
    return most;
  }

  /** Row groups with values; null when the column cannot be looked into. */
  private static @Nullable List<Group> groups(List<ParquetFile> files, String name) {
    List<Group> out = new ArrayList<>();
    for (ParquetFile f : files) {
      ParquetColumn c = f.column(name);
      if (c == null) {
        continue;
      }
      if (c.conversion() == Conversion.NESTED || c.problem() != null) {
        return null;
      }
      for (int g = 0; g < f.rowGroups(); g++) {
        Bounds b = f.bounds(c, g);
        if (!b.isAllNull()) {
          out.add(new Group(f, c, g, b));
        }
      }
    }
    return out;
  }

  private static long bySample(List<Group> groups, long rows, long atMost) {
    long most = 0;
    long sum = 0;
    for (Group g : groups) {
      long n = g.counted();
      most = Math.max(most, n);
      sum = n < 0 || sum < 0 ? -1 : sum + n;
    }
    if (groups.size() == 1 && sum > 0) {
      return Math.min(sum, atMost);
    }
    if (sum > 0 && atMost <= most + most / 4) {
      return Math.min(sum, atMost); // no row group can add much
    }
    try {
      long sampled = DistinctSample.estimate(places(groups), rows);
      if (sampled < 0) {
        return atMost;
      }
      long likely = Math.max(sampled, most);
      return Math.min(sum > 0 ? Math.min(likely, sum) : likely, atMost);
    } catch (PenstockException e) {
      return atMost; // what cannot be read is the scan's to report
    }
  }

  /** Of row groups that lie evenly in the data. */
  private static List<DistinctSample> places(List<Group> groups) {
    int n = Math.min(GROUPS, groups.size());
    int each = n == 1 ? GROUPS : n == 2 ? 2 : 1;
    List<DistinctSample> out = new ArrayList<>();
    try (ChunkSampler sampler = new ChunkSampler()) {
      for (int i = 0; i < n; i++) {
        Group g = groups.get((int) ((2L * i + 1) * groups.size() / (2L * n)));
        out.addAll(sampler.sample(g.file(), g.column(), g.group(), each, n == 1));
      }
    }
    return out;
  }
}
