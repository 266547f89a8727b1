package dev.penstock.batch.expr;

/**
 * The proleptic Gregorian calendar on days since 1970-01-01, in long arithmetic without objects
 * (Howard Hinnant, "chrono-compatible low-level date algorithms"). Days are those of an int and
 * more; months run from 1 to 12.
 */
final class Days {
  static final long MICROS = 86_400_000_000L;

  private static final long ERA = 146_097;

  private Days() {}

  /** Year, month and day in one long: {@code year << 9 | month << 5 | day}. */
  static long civil(long days) {
    long z = days + 719_468;
    long era = Math.floorDiv(z, ERA);
    int dayOfEra = (int) (z - era * ERA);
    int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shifted = (5 * dayOfYear + 2) / 153; // March is 0
    int day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    return year << 9 | (long) month << 5 | day;
  }

  static long year(long days) {
    return civil(days) >> 9;
  }

  static int month(long days) {
    return (int) (civil(days) >> 5) & 15;
  }

  static int day(long days) {
    return (int) civil(days) & 31;
  }

  /** Days of a date that exists. */
  static long of(long year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(y, 400L);
    int yearOfEra = (int) (y - era * 400);
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * ERA + dayOfEra - 719_468;
  }

  static boolean isLeap(long year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  static int monthLength(long year, int month) {
    return switch (month) {
      case 2 -> isLeap(year) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /** 1 = Monday to 7 = Sunday. */
  static int isoWeekday(long days) {
    return (int) Math.floorMod(days + 3, 7L) + 1;
  }

  static int dayOfYear(long days) {
    return (int) (days - of(year(days), 1, 1)) + 1;
  }

  /** The ISO week: the one with the year's first Thursday is 1. */
  static int isoWeek(long days) {
    long thursday = days - isoWeekday(days) + 4;
    return (dayOfYear(thursday) - 1) / 7 + 1;
  }

  /** Adds months; a day beyond the month's end becomes its last. */
  static long plusMonths(long days, long months) {
    if (months == 0) {
      return days;
    }
    long civil = civil(days);
    long count = (civil >> 9) * 12 + ((civil >> 5 & 15) - 1) + months;
    long year = Math.floorDiv(count, 12L);
    int month = (int) Math.floorMod(count, 12L) + 1;
    return of(year, month, Math.min((int) civil & 31, monthLength(year, month)));
  }
}
