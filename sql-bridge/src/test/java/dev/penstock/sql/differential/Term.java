package dev.penstock.sql.differential;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of SQL text: a tree of strings and pieces, so that a query can be made smaller piece by
 * piece.
 *
 * <p>A piece with a type is an expression, which may give way to another of its type. {@code bound}
 * is a number that no value of it exceeds, so that no arithmetic overflows. An expression that is
 * not {@code exact} is a float that two right engines may give with different last digits: it is
 * only given out, never compared, grouped or sorted by.
 */
final class Term {
  final List<Object> parts = new ArrayList<>();
  final @Nullable Type type;
  boolean exact = true;
  boolean optional;
  boolean column;

  /** A column that sub-queries do not see. */
  boolean local;

  double bound = 1e18;
  int precision = 18;
  int scale = 4;

  /** What stands here instead, while a query is made smaller. */
  @Nullable Object instead;

  /** A question mark and its value. */
  record Parameter(@Nullable Object value) {}

  private Term(@Nullable Type type, Object... parts) {
    this.type = type;
    for (Object part : parts) {
      add(part);
    }
  }

  static Term of(Type type, Object... parts) {
    return new Term(type, parts);
  }

  static Term clause(Object... parts) {
    return new Term(null, parts);
  }

  /** A clause that a smaller query may leave out. */
  static Term optional(Object... parts) {
    Term t = new Term(null, parts);
    t.optional = true;
    return t;
  }

  /** A list with a separator; all but the first may be left out. */
  static Term list(String separator, List<Term> items) {
    Term t = new Term(null);
    for (int i = 0; i < items.size(); i++) {
      t.add(i == 0 ? items.get(i) : optional(separator, items.get(i)));
    }
    return t;
  }

  void add(Object part) {
    parts.add(part instanceof Integer || part instanceof Long ? part.toString() : part);
    if (part instanceof Term t) {
      exact &= t.exact;
    }
  }

  Term bound(double b) {
    bound = b;
    return this;
  }

  Term decimal(int p, int s) {
    precision = p;
    scale = s;
    return this;
  }

  Term like(Term other) {
    bound = other.bound;
    precision = other.precision;
    scale = other.scale;
    return this;
  }

  Term inexact() {
    exact = false;
    return this;
  }

  Term exact() {
    exact = true;
    return this;
  }

  Type type() {
    return java.util.Objects.requireNonNull(type);
  }

  /** Another piece with the same text and properties. */
  Term again() {
    Term t = new Term(type, parts.toArray());
    t.exact = exact;
    t.column = column;
    t.local = local;
    return t.like(this);
  }

  /** This expression under a name of the relation around it. */
  Term named(String name) {
    Term t = new Term(type, name).like(this);
    t.exact = exact;
    t.column = true;
    return t;
  }

  @Override
  public String toString() {
    return written().sql();
  }

  Written written() {
    StringBuilder out = new StringBuilder();
    List<@Nullable Object> values = new ArrayList<>();
    write(out, values);
    return new Written(out.toString(), values);
  }

  private void write(StringBuilder out, List<@Nullable Object> values) {
    if (instead != null) {
      write(instead, out, values);
      return;
    }
    parts.forEach(part -> write(part, out, values));
  }

  private static void write(Object part, StringBuilder out, List<@Nullable Object> values) {
    if (part instanceof Term t) {
      t.write(out, values);
    } else if (part instanceof Parameter p) {
      out.append('?');
      values.add(p.value());
    } else {
      out.append(part);
    }
  }
}
