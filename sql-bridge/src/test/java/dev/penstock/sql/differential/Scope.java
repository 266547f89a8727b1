package dev.penstock.sql.differential;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What expressions may name.
 *
 * @param terms columns; over groups keys and aggregates
 * @param outer the scope around a sub-query
 * @param volume no more rows than this
 */
record Scope(List<Term> terms, @Nullable Scope outer, double volume) {

  List<Term> of(Type type) {
    return terms.stream().filter(t -> t.type == type).toList();
  }

  /** As the scope around a sub-query: what a sub-query can name of it. */
  Scope around() {
    return new Scope(
        terms.stream().filter(t -> t.column && t.exact && !t.local).toList(), outer, volume);
  }

  /** Columns of the scopes around. */
  List<Term> outer(Type type) {
    List<Term> out = new ArrayList<>();
    for (Scope s = outer; s != null; s = s.outer) {
      out.addAll(s.of(type));
    }
    return out;
  }

  /** No outer columns. */
  Scope alone() {
    return new Scope(terms, null, volume);
  }
}
