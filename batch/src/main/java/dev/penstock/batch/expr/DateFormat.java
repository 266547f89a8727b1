package dev.penstock.batch.expr;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A format of dates and times, as C's strftime has them: text with specifiers, {@code %Y-%m-%d}.
 *
 * <pre>
 * %Y %y year    %m %b %h %B month   %d day    %j day of year   %a %A weekday   %w %u weekday, Sunday is 0 or 7
 * %U %W week from Sunday, Monday    %G %V year and week of ISO
 * %H %I hour    %p AM or PM         %M minute %S second        %f %g %n micro-, milli-, nanoseconds
 * %z offset     %Z zone             %c %x %X  date and time, date, time    %% a percent sign
 * %-d and the like: without zeros before it
 * </pre>
 */
final class DateFormat {
  /** A specifier, or (with the specifier 0) plain text. */
  record Piece(char specifier, boolean bare, String text) {}

  private static final String SPECIFIERS = "aAbBhdmyYHIpMSfgnjUWVGuwzZ";
  private static final String WITHOUT_ZEROS = "dmyHIMSj";

  final List<Piece> pieces = new ArrayList<>();

  private DateFormat() {}

  /** A bad format is null. */
  static @Nullable DateFormat parse(String text) {
    DateFormat format = new DateFormat();
    StringBuilder plain = new StringBuilder();
    String whole = text.replace("%c", "%Y-%m-%d %H:%M:%S");
    whole = whole.replace("%x", "%Y-%m-%d").replace("%X", "%H:%M:%S");
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      if (c != '%') {
        plain.append(c);
        continue;
      }
      i++;
      boolean bare = i < whole.length() && whole.charAt(i) == '-';
      i += bare ? 1 : 0;
      char specifier = i < whole.length() ? whole.charAt(i) : 0;
      if (specifier == '%' && !bare) {
        plain.append('%');
      } else if ((bare ? WITHOUT_ZEROS : SPECIFIERS).indexOf(specifier) < 0) {
        return null;
      } else {
        format.text(plain);
        format.pieces.add(new Piece(specifier, bare, ""));
      }
    }
    format.text(plain);
    return format;
  }

  private void text(StringBuilder plain) {
    if (!plain.isEmpty()) {
      pieces.add(new Piece((char) 0, false, plain.toString()));
      plain.setLength(0);
    }
  }

  /** The text of microseconds since 1970. */
  String format(long micros, String zone) {
    long day = Math.floorDiv(micros, Days.MICROS);
    long clock = Math.floorMod(micros, Days.MICROS);
    StringBuilder out = new StringBuilder();
    for (Piece piece : pieces) {
      if (piece.specifier == 0) {
        out.append(piece.text);
      } else {
        append(out, piece, day, clock, zone);
      }
    }
    return out.toString();
  }

  private static void append(StringBuilder out, Piece piece, long day, long clock, String zone) {
    long hour = clock / DateUnit.HOUR.micros;
    long micros = clock % DateUnit.SECOND.micros;
    int weekday = Days.isoWeekday(day);
    int digits = piece.bare ? 1 : 2;
    switch (piece.specifier) {
      case 'a' -> out.append(DateFields.weekday(weekday), 0, 3);
      case 'A' -> out.append(DateFields.weekday(weekday));
      case 'b', 'h' -> out.append(DateFields.month(Days.month(day)), 0, 3);
      case 'B' -> out.append(DateFields.month(Days.month(day)));
      case 'd' -> number(out, Days.day(day), digits);
      case 'm' -> number(out, Days.month(day), digits);
      case 'y' -> number(out, Math.floorMod(Days.year(day), 100L), digits);
      case 'Y' -> number(out, Days.year(day), 4);
      case 'H' -> number(out, hour, digits);
      case 'I' -> number(out, (hour + 11) % 12 + 1, digits);
      case 'p' -> out.append(hour < 12 ? "AM" : "PM");
      case 'M' -> number(out, clock % DateUnit.HOUR.micros / DateUnit.MINUTE.micros, digits);
      case 'S' -> number(out, clock % DateUnit.MINUTE.micros / DateUnit.SECOND.micros, digits);
      case 'f' -> number(out, micros, 6);
      case 'g' -> number(out, micros / 1000, 3);
      case 'n' -> number(out, micros * 1000, 9);
      case 'j' -> number(out, Days.dayOfYear(day), piece.bare ? 1 : 3);
      // Days before the first Sunday (Monday) of a year are in week 0.
      case 'U' -> number(out, (Days.dayOfYear(day) - 1 + 7 - weekday % 7) / 7, 2);
      case 'W' -> number(out, (Days.dayOfYear(day) - 1 + 8 - weekday) / 7, 2);
      case 'V' -> number(out, Days.isoWeek(day), 2);
      case 'G' -> number(out, Days.isoYear(day), 4);
      case 'u' -> number(out, weekday, 1);
      case 'w' -> number(out, weekday % 7, 1);
      case 'z' -> out.append("+00");
      default -> out.append(zone);
    }
  }

  private static void number(StringBuilder out, long v, int digits) {
    String text = Long.toString(Math.abs(v));
    out.append(v < 0 ? "-" : "");
    for (int i = text.length(); i < digits; i++) {
      out.append('0');
    }
    out.append(text);
  }
}
