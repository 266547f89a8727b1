package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code (at-zone t zone)}: the instant when clocks of a zone show a timestamp, and what they show
 * at an instant. An hour that clocks show twice is the later one (standard time), one that they
 * leave out is moved by as much.
 */
final class Zones {
  static final List<String> NAMES = List.of("at-zone");

  private Zones() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    Kind from = args.get(0).type().kind();
    boolean right =
        from == Kind.TIMESTAMP
            ? result.kind() == Kind.TIMESTAMPTZ
            : from == Kind.TIMESTAMPTZ && result.kind() == Kind.TIMESTAMP;
    return right && args.size() == 2 && args.get(1).type().kind() == Kind.VARCHAR
        ? new CallExpr(result, x -> convert(x, result), args)
        : null;
  }

  private static FlatColumn convert(Args x, DataType result) {
    boolean toInstant = result.kind() == Kind.TIMESTAMPTZ;
    ZoneId constant = x.constant(1) && x.rowCount() > 0 ? zone(x, x.rows()[0]) : null;
    return Gather.longs(
        x,
        result,
        p -> {
          ZoneId zone = constant != null ? constant : zone(x, p);
          long v = x.number(0, p);
          long offset = toInstant ? local(v, zone) : offset(v, zone);
          return toInstant ? v - offset : v + offset;
        });
  }

  private static ZoneId zone(Args x, int p) {
    String name = x.text(1, p);
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw Errors.badArgument("at-zone", x, p, "the name of a time zone, as Europe/Paris");
    }
  }

  /** What clocks are ahead of UTC at an instant, in microseconds. */
  private static long offset(long micros, ZoneId zone) {
    Instant instant = Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L));
    return zone.getRules().getOffset(instant).getTotalSeconds() * 1_000_000L;
  }

  /** What clocks are ahead of UTC when they show a time. */
  private static long local(long micros, ZoneId zone) {
    LocalDateTime t =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L),
            (int) Math.floorMod(micros, 1_000_000L) * 1000,
            ZoneOffset.UTC);
    ZonedDateTime shown = t.atZone(zone).withLaterOffsetAtOverlap();
    // In a gap the shown time is another one; the offset before the gap is meant.
    return shown.toLocalDateTime().equals(t)
        ? shown.getOffset().getTotalSeconds() * 1_000_000L
        : zone.getRules().getTransition(t).getOffsetBefore().getTotalSeconds() * 1_000_000L;
  }
}
