package dev.penstock.sql.calcite;

import dev.penstock.monitor.CancellationToken;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitor;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Casts of booleans to whole numbers stay casts: Calcite makes a CASE of them, which has what is
 * cast twice. And building expressions ends with the cause of its query's token, as do walks over
 * them: at columns.
 */
final class PlainCasts extends RexBuilder {
  private final CancellationToken token;

  PlainCasts(RelDataTypeFactory types, CancellationToken token) {
    super(types);
    this.token = token;
  }

  /** A column that looks at the token when it is visited. */
  private static final class Watched extends RexInputRef {
    private final CancellationToken token;

    Watched(RexInputRef of, CancellationToken token) {
      super(of.getIndex(), of.getType());
      this.token = token;
    }

    @Override
    public <R> R accept(RexVisitor<R> visitor) {
      token.check();
      return super.accept(visitor);
    }
  }

  @Override
  public RexNode makeFieldAccess(RexNode of, int field) {
    RexNode column = super.makeFieldAccess(of, field);
    return column instanceof RexInputRef ref ? new Watched(ref, token) : column;
  }

  /** Of each call: here planning can end. */
  @Override
  public RexNode makeCall(
      SqlParserPos pos, RelDataType type, SqlOperator operator, List<RexNode> operands) {
    token.check();
    return super.makeCall(pos, type, operator, operands);
  }

  @Override
  public RexNode makeCast(
      SqlParserPos pos,
      RelDataType type,
      RexNode exp,
      boolean matchNullability,
      boolean safe,
      @Nullable RexLiteral format) {
    boolean plain =
        exp.getType().getSqlTypeName() == SqlTypeName.BOOLEAN
            && !(exp instanceof RexLiteral)
            && SqlTypeName.INT_TYPES.contains(type.getSqlTypeName());
    if (!plain) {
      return super.makeCast(pos, type, exp, matchNullability, safe, format);
    }
    boolean nullable = exp.getType().isNullable() || matchNullability && type.isNullable();
    return makeAbstractCast(
        pos, typeFactory.createTypeWithNullability(type, nullable), exp, safe, format);
  }
}
