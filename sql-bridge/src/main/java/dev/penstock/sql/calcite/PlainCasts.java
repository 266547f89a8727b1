package dev.penstock.sql.calcite;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Casts of booleans to whole numbers stay casts: Calcite makes a CASE of them, which has what is
 * cast twice.
 */
final class PlainCasts extends RexBuilder {
  PlainCasts(RelDataTypeFactory types) {
    super(types);
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
