package dev.penstock.batch.expr;

import dev.penstock.batch.FlatColumn;
import java.util.List;

/**
 * What a source can see of a boolean expression, to skip data that cannot pass. A shape says
 * exactly what its expression computes (but {@link Prefix}, which says less); an expression that
 * has none of these forms is {@link Other}, which is always right.
 */
public sealed interface Shape {
  /** The one instance that promises nothing. */
  Shape OTHER = new Other();

  /** The six comparisons; the column is on the left. */
  enum Op {
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE
  }

  /**
   * {@code column op literal}, both of the same type; the literal may be null (then no row passes).
   */
  record Comparison(ColumnExpr column, Op op, LiteralExpr literal) implements Shape {}

  /**
   * {@code (in column values)}, values of the column's type; a null among them makes no row pass.
   */
  record In(ColumnExpr column, FlatColumn values) implements Shape {}

  /** {@code is-null} or {@code is-not-null} of a column. */
  record NullTest(ColumnExpr column, boolean isNull) implements Shape {}

  /**
   * A pattern of text: no value passes that does not begin with these bytes. Not every value that
   * does must pass.
   */
  record Prefix(ColumnExpr column, byte[] bytes) implements Shape {}

  /** All parts are true. A source may evaluate the parts one after another, in their order. */
  record And(List<? extends Expr> parts) implements Shape {}

  /** At least one part is true. */
  record Or(List<? extends Expr> parts) implements Shape {}

  /** Anything else. */
  record Other() implements Shape {}
}
