package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Rig;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.TestBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One join over two batches, and what a loop over all pairs says about it. */
final class JoinCase {
  final Batch left;
  final Batch right;
  JoinKind kind = JoinKind.INNER;
  int[] leftKeys = {};
  int[] rightKeys = {};
  boolean[] nullSafe = {};
  boolean buildIsRight = true;

  /**
   * Residual: int64 column of left + int64 column of right is not a multiple of three (null if
   * either is null).
   */
  int @Nullable [] residual;

  boolean residualHidesInputs;
  int @Nullable [] output;

  JoinCase(Batch left, Batch right) {
    this.left = left;
    this.right = right;
  }

  private static DataType[] types(Batch batch) {
    return Arrays.stream(batch.columns()).map(Column::type).toArray(DataType[]::new);
  }

  int[] output() {
    if (output != null) {
      return output;
    }
    int n = left.columns().length + right.columns().length;
    int width = kind.isAboutLeftRows() ? left.columns().length : n;
    int[] out = new int[width + (kind == JoinKind.MARK ? 1 : 0)];
    for (int i = 0; i < out.length; i++) {
      out[i] = i < width ? i : n;
    }
    return out;
  }

  JoinSpec spec() {
    List<Expr> l = new ArrayList<>();
    List<Expr> r = new ArrayList<>();
    for (int k = 0; k < leftKeys.length; k++) {
      l.add(new ColumnExpr(leftKeys[k], left.column(leftKeys[k]).type()));
      r.add(new ColumnExpr(rightKeys[k], right.column(rightKeys[k]).type()));
    }
    Expr condition = null;
    if (residual != null) {
      condition =
          new NotMultiple(residual[0], left.columns().length + residual[1], residualHidesInputs);
    }
    return new JoinSpec(
        kind,
        buildIsRight ? l : r,
        buildIsRight ? r : l,
        nullSafe,
        condition,
        types(left),
        types(right),
        output(),
        buildIsRight);
  }

  /** Null if the condition is null. */
  private @Nullable Boolean condition(List<@Nullable Object> l, List<@Nullable Object> r) {
    boolean unknown = false;
    for (int k = 0; k < leftKeys.length; k++) {
      Object a = l.get(leftKeys[k]);
      Object b = r.get(rightKeys[k]);
      if (!nullSafe[k] && (a == null || b == null)) {
        unknown = true;
      } else if (!isEqual(a, b)) {
        return false;
      }
    }
    if (residual != null) {
      Long a = (Long) l.get(residual[0]);
      Long b = (Long) r.get(residual[1]);
      if (a == null || b == null) {
        unknown = true;
      } else if ((a + b) % 3 == 0) {
        return false;
      }
    }
    return unknown ? null : (Boolean) true;
  }

  private static boolean isEqual(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Interval x && b instanceof Interval y) {
      return Ordering.compareIntervals(x.high(), x.micros(), y.high(), y.micros()) == 0;
    }
    return Objects.equals(a, b);
  }

  /** Of the keys of each row; 0 where the hash tells nothing. */
  private static int[][] hashes(List<List<@Nullable Object>> rows, int[] keys) {
    int[][] out = new int[rows.size()][keys.length];
    for (int i = 0; i < out.length; i++) {
      for (int k = 0; k < keys.length; k++) {
        Object v = rows.get(i).get(keys[k]);
        out[i][k] = v == null || v instanceof Interval ? 0 : v.hashCode() | 1;
      }
    }
    return out;
  }

  private static boolean differ(int[] a, int[] b) {
    for (int k = 0; k < a.length; k++) {
      if (a[k] != b[k] && a[k] != 0 && b[k] != 0) {
        return true;
      }
    }
    return false;
  }

  List<List<@Nullable Object>> expected() {
    List<List<@Nullable Object>> ls = TestBatches.rows(left);
    List<List<@Nullable Object>> rs = TestBatches.rows(right);
    int[][] leftHashes = hashes(ls, leftKeys);
    int[][] rightHashes = hashes(rs, rightKeys);
    boolean[] rightMatched = new boolean[rs.size()];
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (int i = 0; i < ls.size(); i++) {
      List<@Nullable Object> l = ls.get(i);
      boolean matched = false;
      boolean unknown = false;
      for (int j = 0; j < rs.size(); j++) {
        // most pairs are decided by their hashes
        Boolean verdict =
            differ(leftHashes[i], rightHashes[j]) ? (Boolean) false : condition(l, rs.get(j));
        unknown |= verdict == null;
        if (verdict != null && verdict) {
          matched = true;
          rightMatched[j] = true;
          if (!kind.isAboutLeftRows()) {
            out.add(row(l, rs.get(j), null));
          }
        }
      }
      switch (kind) {
        case LEFT, FULL -> {
          if (!matched) {
            out.add(row(l, null, null));
          }
        }
        case SEMI -> {
          if (matched) {
            out.add(row(l, null, null));
          }
        }
        case ANTI -> {
          if (!matched) {
            out.add(row(l, null, null));
          }
        }
        case NULL_ANTI -> {
          if (!matched && !unknown) {
            out.add(row(l, null, null));
          }
        }
        case MARK ->
            out.add(row(l, null, matched ? (Boolean) true : unknown ? null : (Boolean) false));
        default -> {}
      }
    }
    if (kind == JoinKind.RIGHT || kind == JoinKind.FULL) {
      for (int j = 0; j < rs.size(); j++) {
        if (!rightMatched[j]) {
          out.add(row(null, rs.get(j), null));
        }
      }
    }
    return out;
  }

  private List<@Nullable Object> row(
      @Nullable List<@Nullable Object> l,
      @Nullable List<@Nullable Object> r,
      @Nullable Boolean mark) {
    int n = left.columns().length;
    int all = n + right.columns().length;
    List<@Nullable Object> out = new ArrayList<>();
    for (int o : output()) {
      if (o == all) {
        out.add(mark);
      } else if (o < n) {
        out.add(l == null ? null : l.get(o));
      } else {
        out.add(r == null ? null : r.get(o - n));
      }
    }
    return out;
  }

  DataType[] outputTypes() {
    int n = left.columns().length;
    int all = n + right.columns().length;
    return Arrays.stream(output())
        .mapToObj(
            o ->
                o == all
                    ? DataType.BOOLEAN
                    : o < n ? left.column(o).type() : right.column(o - n).type())
        .toArray(DataType[]::new);
  }

  Batch build() {
    return buildIsRight ? right : left;
  }

  Batch probe() {
    return buildIsRight ? left : right;
  }

  /** Everything that the harness asks. */
  void harness(long seed) {
    NodeHarness.rig((query, lanes) -> new JoinRig(query, spec(), lanes))
        .seed(seed)
        .input(build())
        .input(probe())
        .types(outputTypes())
        .expect(expected());
  }

  @Override
  public String toString() {
    return kind
        + " "
        + Arrays.toString(leftKeys)
        + " = "
        + Arrays.toString(rightKeys)
        + " null-safe "
        + Arrays.toString(nullSafe)
        + " residual "
        + Arrays.toString(residual)
        + " build is right "
        + buildIsRight
        + ", "
        + left.count()
        + " x "
        + right.count();
  }

  /** Build and probe as two inputs: hash join with keys, nested loop without. */
  static final class JoinRig implements Rig {
    private final QueryContext query;
    private final JoinBuild build;
    private final boolean keys;

    JoinRig(QueryContext query, JoinSpec spec, int lanes) {
      this.query = query;
      // Without a minimum caps may be as small as the data of tests.
      this.build = new JoinBuild(0, query, spec, lanes);
      this.keys = !spec.buildKeys().isEmpty();
    }

    @Override
    public int inputs() {
      return 2;
    }

    @Override
    public Step<Batch> sink(int input, int lane) {
      if (input == 0) {
        return build.sink(lane);
      }
      return keys
          ? new HashJoinProbe(query, build.table())
          : new NestedLoopJoin(query, build.table());
    }

    @Override
    public void inputDone(int input) {
      if (input == 0) {
        for (Source.Morsel morsel : build.finish()) {
          try (Source.Decoder decoder = build.decoder()) {
            decoder.begin(morsel);
            if (decoder.next() != null) {
              throw new AssertionError("a build side gives no batches");
            }
          }
        }
      }
    }

    @Override
    public void close() {
      build.close();
    }
  }

  /** See {@link #residual}. */
  record NotMultiple(int a, int b, boolean hidesInputs) implements Expr {
    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    @Override
    public Column eval(Batch batch) {
      ColumnBuilder out = ColumnBuilder.of(DataType.BOOLEAN, batch.length());
      int next = 0;
      for (int p = 0; p < batch.length(); p++) {
        if (next < batch.count() && batch.position(next) == p) {
          next++;
          Long x = (Long) batch.column(a).value(p);
          Long y = (Long) batch.column(b).value(p);
          out.appendValue(x == null || y == null ? null : (Boolean) ((x + y) % 3 != 0));
        } else {
          out.appendBoolean(p % 2 == 0);
        }
      }
      return out.build();
    }

    @Override
    public @Nullable List<? extends Expr> inputs() {
      return hidesInputs
          ? null
          : List.of(new ColumnExpr(a, DataType.INT64), new ColumnExpr(b, DataType.INT64));
    }
  }
}
