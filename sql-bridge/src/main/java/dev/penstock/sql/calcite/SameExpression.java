package dev.penstock.sql.calcite;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/** Are two expressions of one select the same? */
final class SameExpression {
  private SameExpression() {}

  /**
   * @param suffixes is {@code k} the same as {@code t.k}?
   */
  static boolean of(@Nullable SqlNode a, @Nullable SqlNode b, boolean suffixes) {
    if (a == null || b == null) {
      return a == b;
    }
    if (a instanceof SqlIdentifier x && b instanceof SqlIdentifier y) {
      return names(x.names, y.names, suffixes);
    }
    if (a instanceof SqlNodeList x && b instanceof SqlNodeList y) {
      return all(x, y, suffixes);
    }
    if (a instanceof SqlCall x && b instanceof SqlCall y) {
      return x.getOperator().getName().equalsIgnoreCase(y.getOperator().getName())
          && x.getKind() == y.getKind()
          && of(x.getFunctionQuantifier(), y.getFunctionQuantifier(), suffixes)
          && all(x.getOperandList(), y.getOperandList(), suffixes);
    }
    return a.equalsDeep(b, Litmus.IGNORE);
  }

  private static boolean all(
      List<? extends @Nullable SqlNode> a, List<? extends @Nullable SqlNode> b, boolean suffixes) {
    boolean same = a.size() == b.size();
    for (int i = 0; same && i < a.size(); i++) {
      same = of(a.get(i), b.get(i), suffixes);
    }
    return same;
  }

  private static boolean names(List<String> a, List<String> b, boolean suffixes) {
    int n = Math.min(a.size(), b.size());
    boolean same = suffixes || a.size() == b.size();
    for (int i = 1; same && i <= n; i++) {
      same = a.get(a.size() - i).equalsIgnoreCase(b.get(b.size() - i));
    }
    return same;
  }
}
