package dev.penstock.nodes.join;

import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.Expr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A join as the lowered plan has it. The condition of a pair of rows is: all keys equal, and the
 * residual. For mark and null-anti it is three-valued: a null residual of a pair with equal keys
 * counts as a comparison that was null (write {@code is-true} around a residual that only chooses
 * rows).
 *
 * @param kind what comes out
 * @param probeKeys over the columns of the probe side
 * @param buildKeys over the columns of the build side; key by key of the same type as the probe's
 * @param nullSafe for each key: null equals null
 * @param residual boolean, over left ++ right columns, or null
 * @param leftTypes of the left input's columns
 * @param rightTypes of the right input's columns
 * @param output ordinals of left ++ right; left + right count is the mark column
 * @param buildIsRight whether the build side is the right input
 */
public record JoinSpec(
    JoinKind kind,
    List<? extends Expr> probeKeys,
    List<? extends Expr> buildKeys,
    boolean[] nullSafe,
    @Nullable Expr residual,
    DataType[] leftTypes,
    DataType[] rightTypes,
    int[] output,
    boolean buildIsRight) {
  public JoinSpec {
    probeKeys = List.copyOf(probeKeys);
    buildKeys = List.copyOf(buildKeys);
    if (probeKeys.size() != buildKeys.size() || nullSafe.length != probeKeys.size()) {
      throw new IllegalArgumentException(
          "a join has as many probe keys as build keys and null-safe flags, not "
              + probeKeys.size()
              + ", "
              + buildKeys.size()
              + ", "
              + nullSafe.length);
    }
    for (int k = 0; k < nullSafe.length; k++) {
      if (!probeKeys.get(k).type().equals(buildKeys.get(k).type())) {
        throw new IllegalArgumentException(
            "key "
                + k
                + " of a join is "
                + probeKeys.get(k).type()
                + " on the probe side and "
                + buildKeys.get(k).type()
                + " on the build side; cast them to one type");
      }
    }
  }

  DataType[] probeTypes() {
    return buildIsRight ? leftTypes : rightTypes;
  }

  DataType[] buildTypes() {
    return buildIsRight ? rightTypes : leftTypes;
  }
}
