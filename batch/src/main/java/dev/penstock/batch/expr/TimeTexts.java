package dev.penstock.batch.expr;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts of dates and times as people and other databases write them, and as a cast to varchar
 * writes them.
 *
 * <pre>
 * date        2020-01-05   2020-1-5   2020/1/5            (a time behind it does not count)
 * time        10:11   1:2:3   10:11:12.5                  (digits beyond microseconds are cut off)
 * timestamp   date, or date and time with a space or T between; 24:00:00 ends a day
 * zone        Z   +02   +0200   +02:00   Europe/Paris     (does not count for a timestamp without zone)
 * </pre>
 *
 * A bad text is an IllegalArgumentException or a DateTimeException.
 */
final class TimeTexts {
  private static final String DATE = "([+-]?\\d{1,7})([-/])(\\d{1,2})\\2(\\d{1,2})";
  private static final String CLOCK = "(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,6})\\d*)?)?";
  private static final String ZONE =
      "(?:\\s*(Z|z|[+-]\\d{1,2}(?::?\\d{2}){0,2})|\\s+([\\p{L}_/+-]+))?";
  private static final Pattern TIMESTAMP =
      Pattern.compile(DATE + "(?:(?:[Tt]|\\s+)" + CLOCK + ZONE + ")?");
  private static final Pattern TIME = Pattern.compile("(?:" + DATE + "(?:[Tt]|\\s+))?" + CLOCK);
  private static final int FIRST_OF_CLOCK = 5;

  private TimeTexts() {}

  private static Matcher matched(Pattern pattern, String text) {
    Matcher m = pattern.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(text);
    }
    return m;
  }

  static LocalDate date(String text) {
    return day(matched(TIMESTAMP, text));
  }

  private static LocalDate day(Matcher m) {
    return LocalDate.of(
        Integer.parseInt(m.group(1)), Integer.parseInt(m.group(3)), Integer.parseInt(m.group(4)));
  }

  static LocalTime time(String text) {
    return LocalTime.MIDNIGHT.plus(clockMicros(matched(TIME, text), 23), ChronoUnit.MICROS);
  }

  static LocalDateTime timestamp(String text) {
    return dayAndClock(matched(TIMESTAMP, text));
  }

  private static LocalDateTime dayAndClock(Matcher m) {
    LocalDateTime midnight = day(m).atStartOfDay();
    return m.group(FIRST_OF_CLOCK) == null
        ? midnight
        : midnight.plus(clockMicros(m, 24), ChronoUnit.MICROS);
  }

  static Instant instant(String text) {
    Matcher m = matched(TIMESTAMP, text);
    LocalDateTime t = dayAndClock(m);
    String offset = m.group(FIRST_OF_CLOCK + 4);
    String zone = m.group(FIRST_OF_CLOCK + 5);
    if (zone != null) {
      return t.atZone(ZoneId.of(zone)).withLaterOffsetAtOverlap().toInstant();
    }
    return t.toInstant(offset == null ? ZoneOffset.UTC : offset(offset));
  }

  private static ZoneOffset offset(String text) {
    // +2 is +02 for Java as well
    return ZoneOffset.of(text.equals("z") ? "Z" : text);
  }

  private static long clockMicros(Matcher m, int lastHour) {
    int hour = Integer.parseInt(m.group(FIRST_OF_CLOCK));
    int minute = Integer.parseInt(m.group(FIRST_OF_CLOCK + 1));
    String seconds = m.group(FIRST_OF_CLOCK + 2);
    String fraction = m.group(FIRST_OF_CLOCK + 3);
    int second = seconds == null ? 0 : Integer.parseInt(seconds);
    int micros = fraction == null ? 0 : Integer.parseInt((fraction + "00000").substring(0, 6));
    boolean endOfDay = hour == 24 && minute == 0 && second == 0 && micros == 0;
    if (hour > lastHour || (hour == 24 && !endOfDay) || minute > 59 || second > 59) {
      throw new DateTimeException(m.group());
    }
    return hour * DateUnit.HOUR.micros
        + minute * DateUnit.MINUTE.micros
        + second * DateUnit.SECOND.micros
        + micros;
  }

  /** {@code 10:11:12.5}. */
  static String text(LocalTime t) {
    String text = t.toString();
    String whole = text.length() == 5 ? text + ":00" : text;
    int end = whole.length();
    while (whole.indexOf('.') >= 0 && whole.charAt(end - 1) == '0') {
      end--;
    }
    return whole.substring(0, end);
  }

  /** {@code 2020-01-05 10:11:12.5}. */
  static String text(LocalDateTime t) {
    return t.toLocalDate() + " " + text(t.toLocalTime());
  }

  /** {@code 2020-01-05 10:11:12.5+00}. */
  static String text(Instant t) {
    return text(LocalDateTime.ofInstant(t, ZoneOffset.UTC)) + "+00";
  }
}
