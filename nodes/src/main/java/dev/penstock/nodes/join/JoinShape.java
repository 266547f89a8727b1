package dev.penstock.nodes.join;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Layout;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.rows.RowStore;
import java.util.Arrays;
import java.util.List;

/**
 * What follows from a {@link JoinSpec}, in terms of probe and build instead of left and right.
 *
 * <pre>
 * store columns   [build columns that output or residual read] [keys: integers as int64]
 * output column   &gt;= 0: probe ordinal;  &lt; 0: ~store column;  MARK
 * </pre>
 */
final class JoinShape {
  static final int MARK = Integer.MAX_VALUE;

  final JoinSpec spec;
  final JoinKind kind;
  final int keys;

  /** Pairs come out. */
  final boolean pairs;

  /** Probe rows without a match come out as well. */
  final boolean keepsProbe;

  /** Build rows without a match come out as well. */
  final boolean keepsBuild;

  /** Only probe rows come out, once each. */
  final boolean aboutProbe;

  /** Only build rows come out, once each, after the probe. */
  final boolean aboutBuild;

  /** One key and no residual: nulls are settled by two questions instead of pairs. */
  final boolean simpleNulls;

  /** Build rows with a null key are not needed at all. */
  final boolean dropsNullKeys;

  /** All keys fit a long each. */
  final boolean integerKeys;

  final int[] output;
  final int[] stored;
  final DataType[] storeTypes;
  final int firstKey;

  /** For each column of left ++ right: read by the residual? */
  final boolean[] residualReads;

  /**
   * The join may be done partition by partition: a pair has equal keys, or its being null matters
   * to one simple question only.
   */
  final boolean divides;

  /** Probe columns that output, residual or keys read. */
  final int[] probeStored;

  final DataType[] probeStoredTypes;

  /** Where the keys lie in probe batches, as the store has them; negative: they are evaluated. */
  final int probeKeysAt;

  JoinShape(JoinSpec spec) {
    this(spec, true, -1);
  }

  private JoinShape(JoinSpec spec, boolean twins, int probeKeysAt) {
    this.spec = spec;
    this.probeKeysAt = probeKeysAt;
    this.kind = spec.kind();
    this.keys = spec.nullSafe().length;
    this.pairs = !kind.isAboutLeftRows();
    boolean left = kind == JoinKind.LEFT || kind == JoinKind.FULL;
    boolean right = kind == JoinKind.RIGHT || kind == JoinKind.FULL;
    this.keepsProbe = spec.buildIsRight() ? left : right;
    this.keepsBuild = spec.buildIsRight() ? right : left;
    this.aboutProbe = !pairs && spec.buildIsRight();
    this.aboutBuild = !pairs && !spec.buildIsRight();
    this.simpleNulls =
        kind.isThreeValued() && keys == 1 && spec.residual() == null && !spec.nullSafe()[0];
    this.dropsNullKeys = !keepsBuild && !aboutBuild && (!kind.isThreeValued() || simpleNulls);
    boolean integers = true;
    for (Expr key : spec.buildKeys()) {
      Layout layout = key.type().layout();
      integers &= layout == Layout.INTS || layout == Layout.LONGS || layout == Layout.BITS;
    }
    this.integerKeys = integers && keys > 0;
    this.divides = keys > 0 && (!kind.isThreeValued() || simpleNulls);

    int leftCount = spec.leftTypes().length;
    int all = leftCount + spec.rightTypes().length;
    this.residualReads = new boolean[all];
    if (spec.residual() != null) {
      reads(spec.residual(), residualReads);
    }
    DataType[] buildTypes = spec.buildTypes();
    int[] storeOf = new int[buildTypes.length];
    Arrays.fill(storeOf, -1);
    int first = spec.buildIsRight() ? leftCount : 0;
    boolean[] wanted = new boolean[buildTypes.length];
    for (int i = 0; i < buildTypes.length; i++) {
      wanted[i] = residualReads[first + i];
    }
    int probeFirst = spec.buildIsRight() ? 0 : leftCount;
    int[] twin = new int[buildTypes.length];
    Arrays.fill(twin, -1);
    if (twins) {
      findTwins(twin);
    }
    for (int o : spec.output()) {
      if (o >= first && o < first + buildTypes.length && twin[o - first] < 0) {
        wanted[o - first] = true;
      }
    }
    int n = 0;
    int[] ordinals = new int[buildTypes.length];
    for (int i = 0; i < buildTypes.length; i++) {
      if (wanted[i]) {
        storeOf[i] = n;
        ordinals[n++] = i;
      }
    }
    this.stored = Arrays.copyOf(ordinals, n);
    this.firstKey = n;
    this.storeTypes = new DataType[n + keys];
    for (int i = 0; i < n; i++) {
      storeTypes[i] = buildTypes[stored[i]];
    }
    for (int k = 0; k < keys; k++) {
      storeTypes[n + k] = integerKeys ? DataType.INT64 : spec.buildKeys().get(k).type();
    }
    this.output = new int[spec.output().length];
    for (int i = 0; i < output.length; i++) {
      int o = spec.output()[i];
      if (o == all) {
        output[i] = MARK;
      } else {
        boolean build = o >= first && o < first + buildTypes.length;
        int same = build ? twin[o - first] : o - probeFirst;
        output[i] = same >= 0 ? same : ~storeOf[o - first];
      }
    }
    DataType[] probeTypes = spec.probeTypes();
    boolean[] read = new boolean[probeTypes.length];
    for (int i = 0; i < read.length; i++) {
      read[i] = residualReads[probeFirst + i];
    }
    for (Expr key : spec.probeKeys()) {
      reads(key, read);
    }
    for (int o : output) {
      if (o >= 0 && o != MARK) {
        read[o] = true;
      }
    }
    int m = 0;
    int[] probeOrdinals = new int[read.length];
    for (int i = 0; i < read.length; i++) {
      probeOrdinals[m] = i;
      m += read[i] ? 1 : 0;
    }
    this.probeStored = Arrays.copyOf(probeOrdinals, m);
    this.probeStoredTypes = new DataType[m];
    for (int i = 0; i < m; i++) {
      probeStoredTypes[i] = probeTypes[probeStored[i]];
    }
  }

  /** Whether a partition may be joined with its sides swapped. */
  boolean canSwap() {
    return keys > 0 && !kind.isThreeValued();
  }

  /**
   * The same join with probe and build side swapped, for rows that were stored for this one. Its
   * probe batches are the columns of this build side and then its keys.
   */
  JoinShape swapped() {
    int left = spec.leftTypes().length;
    int[] outputs = spec.output().clone();
    for (int i = 0; i < outputs.length; i++) {
      if (output[i] >= 0 && output[i] != MARK) {
        outputs[i] = output[i] + (spec.buildIsRight() ? 0 : left);
      }
    }
    JoinSpec other =
        new JoinSpec(
            kind,
            spec.buildKeys(),
            spec.probeKeys(),
            spec.nullSafe(),
            spec.residual(),
            spec.leftTypes(),
            spec.rightTypes(),
            outputs,
            !spec.buildIsRight());
    return new JoinShape(other, false, spec.buildTypes().length);
  }

  /** The key columns of a segment of a store of the build side. */
  Column[] keys(RowStore store, int segment) {
    Column[] out = new Column[keys];
    for (int k = 0; k < keys; k++) {
      out[k] = store.segment(firstKey + k, segment);
    }
    return out;
  }

  /**
   * For each build column the probe column that has the same value in every row of the output, or
   * -1: keys of an inner join need not be gathered. Only types whose equal values are identical
   * (0.0 equals -0.0, a month equals thirty days).
   */
  private void findTwins(int[] twin) {
    for (int k = 0; k < keys; k++) {
      if (pairs
          && !keepsProbe
          && !keepsBuild
          && spec.buildKeys().get(k) instanceof ColumnExpr build
          && spec.probeKeys().get(k) instanceof ColumnExpr probe) {
        switch (build.type().kind()) {
          case FLOAT64, INTERVAL, ANY -> {}
          default -> twin[build.index()] = probe.index();
        }
      }
    }
  }

  private static void reads(Expr expr, boolean[] columns) {
    if (expr instanceof ColumnExpr c) {
      columns[c.index()] = true;
      return;
    }
    List<? extends Expr> inputs = expr.inputs();
    if (inputs == null) {
      Arrays.fill(columns, true);
      return;
    }
    for (Expr input : inputs) {
      reads(input, columns);
    }
  }

  /** The store column of a build ordinal that is stored. */
  int storeColumn(int buildOrdinal) {
    return Arrays.binarySearch(stored, buildOrdinal);
  }

  /** Whether the build side has rows to give after the probe. */
  boolean hasRest() {
    return keepsBuild || aboutBuild;
  }
}
