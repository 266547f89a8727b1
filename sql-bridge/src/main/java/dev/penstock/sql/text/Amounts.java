package dev.penstock.sql.text;

import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times and sizes as settings write them: {@code 5s}, {@code 1.5 min}, {@code 512MB}. */
public final class Amounts {
  private static final Pattern NUMBER_AND_UNIT =
      Pattern.compile("\\s*(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([a-zA-Z]*)\\s*");
  private static final String[] SIZES = {"B", "KB", "MB", "GB", "TB"};

  private Amounts() {}

  /**
   * A time; without a unit in milliseconds, as PostgreSQL has it.
   *
   * @return null for 0: none
   */
  public static @Nullable Duration time(String setting, String written) {
    Matcher m = NUMBER_AND_UNIT.matcher(written);
    long nanos =
        !m.matches()
            ? 0
            : switch (m.group(2).toLowerCase(Locale.ROOT)) {
              case "us" -> 1_000L;
              case "", "ms" -> 1_000_000L;
              case "s" -> 1_000_000_000L;
              case "min" -> 60_000_000_000L;
              case "h" -> 3_600_000_000_000L;
              case "d" -> 86_400_000_000_000L;
              default -> 0;
            };
    BigDecimal all =
        nanos == 0 ? BigDecimal.ZERO : new BigDecimal(m.group(1)).multiply(new BigDecimal(nanos));
    if (nanos == 0 || all.compareTo(new BigDecimal(Long.MAX_VALUE)) > 0) {
      throw PenstockException.incorrect(
          "sql-setting",
          setting
              + " is a time such as '500ms', '5s', '1.5min', '2h' or 0 (none; without a unit:"
              + " milliseconds), got '"
              + written
              + "'");
    }
    return all.longValue() == 0 ? null : Duration.ofNanos(all.longValue());
  }

  /** As {@link #time} reads it. */
  public static String written(@Nullable Duration time) {
    if (time == null) {
      return "0";
    }
    long nanos = time.toNanos();
    if (nanos % 3_600_000_000_000L == 0) {
      return time.toHours() + "h";
    }
    if (nanos % 60_000_000_000L == 0) {
      return time.toMinutes() + "min";
    }
    return nanos % 1_000_000_000L == 0
        ? time.toSeconds() + "s"
        : new BigDecimal(nanos).movePointLeft(6).stripTrailingZeros().toPlainString() + "ms";
  }

  /** A size; KB is 1000 bytes, KiB 1024. */
  public static long bytes(String setting, String written) {
    Matcher m = NUMBER_AND_UNIT.matcher(written);
    if (m.matches()) {
      String unit = m.group(2).toUpperCase(Locale.ROOT);
      boolean binary = unit.endsWith("IB");
      for (int i = 0; i < SIZES.length; i++) {
        if (SIZES[i].equals(binary ? unit.replace("IB", "B") : unit)) {
          BigDecimal all =
              new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(binary ? 1024 : 1000).pow(i));
          if (all.signum() > 0 && all.compareTo(new BigDecimal(Long.MAX_VALUE)) < 0) {
            return Math.max(1, all.longValue());
          }
        }
      }
    }
    throw PenstockException.incorrect(
        "sql-setting",
        setting + " is a size such as '64MB', '2GB' or '512KiB', got '" + written + "'");
  }

  /** As {@link #bytes} reads it; no bound is {@code none}. */
  public static String written(long bytes) {
    if (bytes == Long.MAX_VALUE) {
      return "none";
    }
    for (int i = SIZES.length - 1; i > 0; i--) {
      long decimal = BigDecimal.valueOf(1000).pow(i).longValue();
      long binary = 1L << (10 * i);
      if (bytes % decimal == 0) {
        return bytes / decimal + SIZES[i];
      }
      if (bytes % binary == 0) {
        return bytes / binary + SIZES[i].replace("B", "iB");
      }
    }
    return bytes + "B";
  }
}
