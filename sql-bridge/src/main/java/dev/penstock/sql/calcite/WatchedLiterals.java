package dev.penstock.sql.calcite;

import dev.penstock.monitor.CancellationToken;
import java.math.BigDecimal;
import java.util.Objects;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlVisitor;
import org.apache.calcite.util.NlsString;

/**
 * Numbers and texts that look at the token of their query when somebody visits or writes them:
 * Calcite walks over a long statement again and again, and those walks can end at its literals.
 */
final class WatchedLiterals {
  private WatchedLiterals() {}

  /** The literal as one that is watched, if it is a number or a text. */
  static SqlLiteral of(SqlLiteral literal, CancellationToken token) {
    if (literal.getClass() == SqlNumericLiteral.class) {
      return new Numeral((SqlNumericLiteral) literal, literal.getParserPosition(), token);
    }
    return literal.getClass() == SqlCharStringLiteral.class
        ? new Text((SqlCharStringLiteral) literal, literal.getParserPosition(), token)
        : literal;
  }

  private static final class Numeral extends SqlNumericLiteral {
    private final CancellationToken token;

    Numeral(SqlNumericLiteral of, SqlParserPos pos, CancellationToken token) {
      super(
          Objects.requireNonNull(of.getValueAs(BigDecimal.class)),
          of.getPrec(),
          of.getScale(),
          of.isExact(),
          pos);
      this.token = token;
    }

    @Override
    public SqlNumericLiteral clone(SqlParserPos pos) {
      return new Numeral(this, pos, token);
    }

    @Override
    public <R> R accept(SqlVisitor<R> visitor) {
      token.check();
      return super.accept(visitor);
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
      token.check();
      super.unparse(writer, leftPrec, rightPrec);
    }
  }

  private static final class Text extends SqlCharStringLiteral {
    private final CancellationToken token;

    Text(SqlCharStringLiteral of, SqlParserPos pos, CancellationToken token) {
      super(Objects.requireNonNull(of.getValueAs(NlsString.class)), pos);
      this.token = token;
    }

    @Override
    public SqlCharStringLiteral clone(SqlParserPos pos) {
      return new Text(this, pos, token);
    }

    @Override
    public <R> R accept(SqlVisitor<R> visitor) {
      token.check();
      return super.accept(visitor);
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
      token.check();
      super.unparse(writer, leftPrec, rightPrec);
    }
  }
}
