package dev.penstock.compiler;

import dev.penstock.nodes.Source;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts other sources in the place of those that a lowered plan scans. A source that is scanned
 * twice stays one source.
 */
final class OtherSources extends Replacement {
  private final UnaryOperator<Source> other;
  private final Map<Source, Source> seen = new IdentityHashMap<>();

  OtherSources(UnaryOperator<Source> other) {
    this.other = other;
  }

  /** Scans are among the inputs of nodes, at any depth, and nowhere in expressions. */
  @Override
  @Nullable Object value(@Nullable Object key, @Nullable Object value) {
    if ("handle".equals(key) && value instanceof Source source) {
      return seen.computeIfAbsent(source, other);
    }
    return "schema".equals(key) || "options".equals(key) || "stats".equals(key)
        ? value
        : part(value);
  }
}
