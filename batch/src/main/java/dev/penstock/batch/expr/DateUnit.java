package dev.penstock.batch.expr;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Units of time, from long to short. Each is a number of months, or of microseconds; a week is days
 * that count from a Monday, an ISO year weeks that count from the one with January 4th. Decades,
 * centuries and millennia begin with the years that end in 0, 00 and 000.
 */
enum DateUnit {
  MILLENNIUM(12_000, 0),
  CENTURY(1_200, 0),
  DECADE(120, 0),
  YEAR(12, 0),
  ISOYEAR(12, 0),
  QUARTER(3, 0),
  MONTH(1, 0),
  WEEK(0, 7 * Days.MICROS),
  DAY(0, Days.MICROS),
  HOUR(0, 3_600_000_000L),
  MINUTE(0, 60_000_000L),
  SECOND(0, 1_000_000L),
  MILLISECOND(0, 1_000L),
  MICROSECOND(0, 1L);

  final int months;
  final long micros;

  DateUnit(int months, long micros) {
    this.months = months;
    this.micros = micros;
  }

  boolean ofDays() {
    return ordinal() <= DAY.ordinal();
  }

  /** The unit that a literal names, or null. */
  static @Nullable DateUnit of(Expr e) {
    if (e instanceof LiteralExpr l && l.value() instanceof String name) {
      for (DateUnit u : values()) {
        if (u.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
          return u;
        }
      }
    }
    return null;
  }

  /** The first day of the unit (of days) that a day lies in. */
  long firstDay(long day) {
    switch (this) {
      case DAY:
        return day;
      case WEEK:
        return day - Days.isoWeekday(day) + 1;
      case ISOYEAR:
        long fourth = Days.of(Days.isoYear(day), 1, 4);
        return fourth - Days.isoWeekday(fourth) + 1;
      default:
        break;
    }
    long civil = Days.civil(day);
    int month = (int) (civil >> 5) & 15;
    int years = months / 12;
    return years == 0
        ? Days.of(civil >> 9, month - (month - 1) % months, 1)
        : Days.of((civil >> 9) / years * years, 1, 1);
  }

  /** The number of the unit (of months) that a day lies in. */
  long number(long day) {
    if (this == ISOYEAR) {
      return Days.isoYear(day);
    }
    long civil = Days.civil(day);
    return months >= 12
        ? (civil >> 9) / (months / 12)
        : Math.floorDiv((civil >> 9) * 12 + (civil >> 5 & 15) - 1, (long) months);
  }
}
