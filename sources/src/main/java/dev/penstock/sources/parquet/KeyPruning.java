package dev.penstock.sources.parquet;

import dev.penstock.nodes.keyfilter.KeyFilter;
import dev.penstock.nodes.keyfilter.RuntimeFilter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which row groups and pages runtime filters exclude, by bounds of their columns; only filters that
 * are there. When in doubt nothing is excluded.
 */
final class KeyPruning {
  private KeyPruning() {}

  /** No row of the row group can pass. */
  static boolean excludes(
      ParquetFile file, int group, String[] names, List<RuntimeFilter> filters) {
    for (RuntimeFilter f : filters) {
      if (f.filter().isSet()
          && !mayPass(f.filter().get(), file.bounds(file.column(names[f.column()]), group))) {
        return true;
      }
    }
    return false;
  }

  /** False when no value within the bounds passes. */
  static boolean mayPass(KeyFilter filter, @Nullable Bounds bounds) {
    if (bounds == null || (filter.nullPasses() && bounds.nulls() != 0)) {
      return true;
    }
    if (filter.isEmpty() || bounds.isAllNull()) {
      return false;
    }
    Long least = word(bounds.min(), bounds.type().scale());
    Long greatest = word(bounds.max(), bounds.type().scale());
    return least == null || greatest == null || filter.mayPassBetween(least, greatest);
  }

  /** A host value as an integer-like column holds it; null for one of another type. */
  private static @Nullable Long word(@Nullable Object value, int scale) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    } else if (value instanceof LocalDate d) {
      return d.toEpochDay();
    } else if (value instanceof LocalDateTime t) {
      return micros(t.toInstant(ZoneOffset.UTC));
    } else if (value instanceof Instant t) {
      return micros(t);
    } else if (value instanceof LocalTime t) {
      return t.toNanoOfDay() / 1000;
    } else if (value instanceof BigDecimal d
        && d.scale() == scale
        && d.unscaledValue().bitLength() < Long.SIZE) {
      return d.unscaledValue().longValue();
    }
    return null;
  }

  private static Long micros(Instant t) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, t);
  }
}
