package dev.penstock.sources.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.HostValues;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeTextTest {
  private final int[] ints = new int[1];
  private final long[] longs = new long[1];

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private boolean date(String text) {
    return TimeText.readDate(bytes(text), 0, bytes(text).length, ints, 0);
  }

  private boolean timestamp(String text) {
    return TimeText.readTimestamp(bytes(text), 0, bytes(text).length, longs, 0);
  }

  private boolean instant(String text) {
    return TimeText.readTimestampTz(bytes(text), 0, bytes(text).length, longs, 0);
  }

  @Test
  void everyDayOfTenThousandYears() {
    for (LocalDate d = LocalDate.of(0, 1, 1); d.getYear() < 10_000; d = d.plusDays(1)) {
      assertTrue(date(d.toString()));
      assertEquals(d.toEpochDay(), ints[0]);
    }
  }

  @Test
  void timestampsAreThoseOfTheJdk() {
    Random random = new Random(4);
    for (int i = 0; i < 50_000; i++) {
      LocalDateTime t =
          LocalDateTime.ofEpochSecond(
              random.nextLong() % 60_000_000_000L,
              random.nextInt(5) == 0 ? random.nextInt(1_000_000) * 1000 : 0,
              ZoneOffset.UTC);
      if (t.getYear() < 0) {
        continue;
      }
      String text = random.nextBoolean() ? t.toString() : t.toString().replace('T', ' ');
      assertTrue(timestamp(text), text);
      assertEquals(HostValues.micros(t), longs[0], text);
      OffsetDateTime o = t.atOffset(ZoneOffset.ofTotalSeconds((random.nextInt(140) - 70) * 900));
      Instant expected = o.toInstant();
      assertTrue(instant(o.toString()), o.toString());
      assertEquals(HostValues.micros(expected), longs[0], o.toString());
    }
    assertTrue(instant("2024-02-29 12:00:00+0530"));
    assertTrue(instant("2024-02-29 12:00:00 -05"));
    assertEquals(HostValues.micros(Instant.parse("2024-02-29T17:00:00Z")), longs[0]);
    assertTrue(timestamp("2024-02-29T12:00:00.123456789"));
    assertEquals(HostValues.micros(LocalDateTime.of(2024, 2, 29, 12, 0, 0, 123_456_000)), longs[0]);
  }

  @Test
  void timesOfDay() {
    for (String text : List.of("00:00", "23:59", "12:30:01", "12:30:01.5", "12:30:01.000001")) {
      byte[] b = bytes(text);
      assertTrue(TimeText.readTime(b, 0, b.length, longs, 0), text);
      assertEquals(LocalTime.parse(text).toNanoOfDay() / 1000, longs[0]);
    }
    for (String text :
        List.of("24:00", "1:00", "12:60", "12:30:60", "12:30:1", "12:30:01.", "12-30")) {
      byte[] b = bytes(text);
      assertFalse(TimeText.readTime(b, 0, b.length, longs, 0), text);
    }
  }

  @Test
  void whatIsNoDateIsRefused() {
    for (String text :
        List.of(
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "2024-04-31",
            "2024/01/01",
            "2024-1-01",
            "24-01-01",
            "2024-01-01x",
            "",
            "٢٠٢٤-٠١")) {
      assertFalse(date(text), text);
    }
    for (String text :
        List.of("2024-01-01T", "2024-01-01x12:00", "2024-01-01T25:00", "2024-01-01T12:00:00,5")) {
      assertFalse(timestamp(text), text);
    }
    for (String text :
        List.of(
            "2024-01-01Z",
            "2024-01-01T12:00",
            "2024-01-01T12:00+1",
            "2024-01-01T12:00+99:00",
            "2024-01-01T12:00+05:3",
            "2024-01-01T12:00z+05")) {
      assertFalse(instant(text), text);
    }
  }
}
