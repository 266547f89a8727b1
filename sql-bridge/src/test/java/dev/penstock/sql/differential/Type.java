package dev.penstock.sql.differential;

/** The types of expressions that the makers know. */
enum Type {
  INT("INTEGER"),
  BIGINT("BIGINT"),
  DOUBLE("DOUBLE"),
  DECIMAL("DECIMAL(18,4)"),
  VARCHAR("VARCHAR"),
  BOOLEAN("BOOLEAN"),
  DATE("DATE"),
  TIMESTAMP("TIMESTAMP"),
  TIME("TIME");

  final String sql;

  Type(String sql) {
    this.sql = sql;
  }

  boolean isNumber() {
    return this == INT || this == BIGINT || this == DOUBLE || this == DECIMAL;
  }
}
