package dev.penstock.batch.expr;

import static dev.penstock.batch.Kind.VARCHAR;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToLongBiFunction;

/**
 * {@code levenshtein damerau-levenshtein hamming jaccard jaro-similarity jaro-winkler-similarity}:
 * how far two texts are apart, or how alike they are, by code point.
 */
final class TextDistance {
  static final Map<String, Plain> FUNCTIONS =
      Map.of(
          "levenshtein", distance("levenshtein", TextDistance::levenshtein),
          "damerau-levenshtein", distance("damerau-levenshtein", TextDistance::damerau),
          "hamming", Plain.of(DataType.INT64, TextDistance::hamming, VARCHAR, VARCHAR),
          "jaccard", Plain.of(DataType.FLOAT64, TextDistance::jaccard, VARCHAR, VARCHAR),
          "jaro-similarity", likeness(TextDistance::jaro),
          "jaro-winkler-similarity", likeness(TextDistance::jaroWinkler));

  /** The tables of a distance have the product of the lengths as their size, or their time. */
  private static final long MOST_CELLS = 1L << 24;

  private static final double BOOST_FROM = 0.7;
  private static final int LONGEST_PREFIX = 4;

  private TextDistance() {}

  private static Plain distance(String fn, ToLongBiFunction<int[], int[]> f) {
    return Plain.of(
        DataType.INT64,
        x ->
            Gather.longs(
                x,
                DataType.INT64,
                p -> {
                  int[] a = points(x, 0, p);
                  int[] b = points(x, 1, p);
                  if ((long) a.length * b.length > MOST_CELLS) {
                    throw Errors.badArgument(
                        fn, x, p, "texts whose lengths have a product of at most " + MOST_CELLS);
                  }
                  return f.applyAsLong(a, b);
                }),
        VARCHAR,
        VARCHAR);
  }

  private static Plain likeness(ToDoubleBiFunction<int[], int[]> f) {
    return Plain.of(
        DataType.FLOAT64,
        x -> Gather.doubles(x, p -> f.applyAsDouble(points(x, 0, p), points(x, 1, p))),
        VARCHAR,
        VARCHAR);
  }

  private static int[] points(Args x, int k, int position) {
    return x.text(k, position).codePoints().toArray();
  }

  /** Insertions, deletions and replacements; two rows of the table. */
  private static long levenshtein(int[] a, int[] b) {
    int[] above = new int[b.length + 1];
    int[] row = new int[b.length + 1];
    for (int j = 0; j <= b.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length; i++) {
      row[0] = i;
      for (int j = 1; j <= b.length; j++) {
        int replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      int[] swap = above;
      above = row;
      row = swap;
    }
    return above[b.length];
  }

  /**
   * As levenshtein, and two neighbours may change places, also with edits between them (Lowrance
   * and Wagner 1975).
   */
  private static long damerau(int[] a, int[] b) {
    int most = a.length + b.length;
    int[][] d = new int[a.length + 2][b.length + 2];
    Map<Integer, Integer> rowOf = new HashMap<>();
    d[0][0] = most;
    for (int i = 0; i <= a.length; i++) {
      d[i + 1][0] = most;
      d[i + 1][1] = i;
    }
    for (int j = 0; j <= b.length; j++) {
      d[0][j + 1] = most;
      d[1][j + 1] = j;
    }
    for (int i = 1; i <= a.length; i++) {
      int column = 0;
      for (int j = 1; j <= b.length; j++) {
        int i1 = rowOf.getOrDefault(b[j - 1], 0);
        int j1 = column;
        boolean same = a[i - 1] == b[j - 1];
        if (same) {
          column = j;
        }
        int edited = Math.min(d[i][j] + (same ? 0 : 1), 1 + Math.min(d[i + 1][j], d[i][j + 1]));
        d[i + 1][j + 1] = Math.min(edited, d[i1][j1] + (i - i1 - 1) + 1 + (j - j1 - 1));
      }
      rowOf.put(a[i - 1], i);
    }
    return d[a.length + 1][b.length + 1];
  }

  private static FlatColumn hamming(Args x) {
    return Gather.longs(
        x,
        DataType.INT64,
        p -> {
          int[] a = points(x, 0, p);
          int[] b = points(x, 1, p);
          if (a.length != b.length) {
            throw Errors.badArgument("hamming", x, p, "texts of the same length");
          }
          long n = 0;
          for (int i = 0; i < a.length; i++) {
            n += a[i] == b[i] ? 0 : 1;
          }
          return n;
        });
  }

  private static FlatColumn jaccard(Args x) {
    return Gather.doubles(
        x,
        p -> {
          int[] a = Arrays.stream(points(x, 0, p)).sorted().distinct().toArray();
          int[] b = Arrays.stream(points(x, 1, p)).sorted().distinct().toArray();
          if (a.length == 0 || b.length == 0) {
            throw Errors.badArgument("jaccard", x, p, "texts that are not empty");
          }
          int both = 0;
          for (int c : a) {
            both += Arrays.binarySearch(b, c) >= 0 ? 1 : 0;
          }
          return (double) both / (a.length + b.length - both);
        });
  }

  /** 0 where a text is empty. */
  private static double jaro(int[] a, int[] b) {
    int window = Math.max(0, Math.max(a.length, b.length) / 2 - 1);
    boolean[] inA = new boolean[a.length];
    boolean[] inB = new boolean[b.length];
    int matches = 0;
    for (int i = 0; i < a.length; i++) {
      int to = Math.min(b.length, i + window + 1);
      for (int j = Math.max(0, i - window); j < to && !inA[i]; j++) {
        if (!inB[j] && a[i] == b[j]) {
          inA[i] = true;
          inB[j] = true;
          matches++;
        }
      }
    }
    if (matches == 0) {
      return 0;
    }
    int moved = 0;
    int j = 0;
    for (int i = 0; i < a.length; i++) {
      if (inA[i]) {
        while (!inB[j]) {
          j++;
        }
        moved += a[i] == b[j] ? 0 : 1;
        j++;
      }
    }
    double m = matches;
    int transposed = moved / 2;
    return (m / a.length + m / b.length + (m - transposed) / m) / 3;
  }

  /** A common prefix counts more, for texts that are rather alike. */
  private static double jaroWinkler(int[] a, int[] b) {
    double jaro = jaro(a, b);
    int prefix = 0;
    int most = Math.min(LONGEST_PREFIX, Math.min(a.length, b.length));
    while (prefix < most && a[prefix] == b[prefix]) {
      prefix++;
    }
    return jaro > BOOST_FROM ? jaro + prefix * 0.1 * (1 - jaro) : jaro;
  }
}
