package dev.penstock.batch.expr;

/**
 * The proleptic Gregorian calendar on days since 1970-01-01, in long arithmetic without objects
 * (Howard Hinnant, "chrono-compatible low-level date algorithms"). Days are those of an int and
 * more; months run from 1 to 12.
 */
final class Days {
  static final long MICROS = 86_400_000_000L;

  private static final int ERA = 146_097;

  /** From 0000-03-01 to 1970-01-01. */
  private static final long SHIFT = 719_468;

  private Days() {}

  /** Year, month and day in one long: {@code year << 9 | month << 5 | day}. */
  static long civil(long days) {
    long shifted = days + SHIFT;
    long era = era(shifted);
    int dayOfEra = (int) (shifted - era * ERA);
    int yearOfEra = yearOfEra(dayOfEra);
    int dayOfYear = dayOfYear(dayOfEra, yearOfEra);
    int march = (5 * dayOfYear + 2) / 153; // March is 0
    int day = dayOfYear - (153 * march + 2) / 5 + 1;
    int month = march < 10 ? march + 3 : march - 9;
    long year = yearOfEra + era * 400 + (march >= 10 ? 1 : 0);
    return year << 9 | (long) month << 5 | day;
  }

  static long year(long days) {
    long shifted = days + SHIFT;
    long era = era(shifted);
    int dayOfEra = (int) (shifted - era * ERA);
    int yearOfEra = yearOfEra(dayOfEra);
    // From day 306 of a year that begins in March it is January of the next one.
    return yearOfEra + era * 400 + (dayOfYear(dayOfEra, yearOfEra) >= 306 ? 1 : 0);
  }

  /**
   * Eras have 400 years, and the first day of one is March 1st. Most days are of years from 0, and
   * ints.
   */
  private static long era(long shifted) {
    return shifted >= 0 && shifted <= Integer.MAX_VALUE
        ? (int) shifted / ERA
        : Math.floorDiv(shifted, (long) ERA);
  }

  private static int yearOfEra(int dayOfEra) {
    return (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  }

  private static int dayOfYear(int dayOfEra, int yearOfEra) {
    return dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
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

  /** The year that the ISO week of a day belongs to. */
  static long isoYear(long days) {
    return year(days - isoWeekday(days) + 4);
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
