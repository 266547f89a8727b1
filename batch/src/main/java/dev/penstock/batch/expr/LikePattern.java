package dev.penstock.batch.expr;

import dev.penstock.monitor.PenstockException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A LIKE pattern, matched on UTF-8 bytes. The pattern is cut at its {@code %} into segments; a
 * segment is literal bytes with holes, each of which takes one code point ({@code _}). The first
 * segment stands at the start of the value, the last at its end, the others are found one after
 * another, each as far left as it can.
 */
final class LikePattern {
  /** Literal pieces with a hole between each two; one code point fills a hole. */
  private record Segment(byte[][] pieces) {
    boolean hasHoles() {
      return pieces.length > 1;
    }

    boolean isEmpty() {
      return pieces.length == 1 && pieces[0].length == 0;
    }
  }

  private final Segment[] segments;

  private LikePattern(Segment[] segments) {
    this.segments = segments;
  }

  /**
   * @param escape the code point that takes the meaning from the one after it, or -1
   */
  static LikePattern of(String pattern, int escape) {
    List<Segment> segments = new ArrayList<>();
    List<byte[]> pieces = new ArrayList<>();
    ByteArrayOutputStream piece = new ByteArrayOutputStream();
    int i = 0;
    while (i < pattern.length()) {
      int c = pattern.codePointAt(i);
      i += Character.charCount(c);
      if (c == escape) {
        if (i == pattern.length()) {
          throw PenstockException.incorrect(
              "bad-argument",
              "like pattern "
                  + Errors.show(pattern)
                  + " ends with its escape character; expected one more");
        }
        c = pattern.codePointAt(i);
        i += Character.charCount(c);
      } else if (c == '_') {
        pieces.add(piece.toByteArray());
        piece.reset();
        continue;
      } else if (c == '%') {
        pieces.add(piece.toByteArray());
        piece.reset();
        segments.add(new Segment(pieces.toArray(new byte[0][])));
        pieces.clear();
        continue;
      }
      piece.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
    }
    pieces.add(piece.toByteArray());
    segments.add(new Segment(pieces.toArray(new byte[0][])));
    return new LikePattern(segments.toArray(new Segment[0]));
  }

  /** Reads the escape argument: one code point, or empty for none. */
  static int escape(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return -1;
    }
    if (text.codePointCount(0, text.length()) != 1) {
      throw PenstockException.incorrect(
          "bad-argument", "like escape " + Errors.show(text) + ": expected one character");
    }
    return text.codePointAt(0);
  }

  /** What every value that matches begins with; may be empty. */
  byte[] prefix() {
    return segments[0].pieces[0];
  }

  boolean matches(byte[] a, int from, int to) {
    int last = segments.length - 1;
    Segment first = segments[0];
    int at = matchAt(first, a, from, to);
    if (at < 0) {
      return false;
    }
    if (last == 0) {
      return at == to;
    }
    for (int k = 1; k < last; k++) {
      at = find(segments[k], a, at, to);
      if (at < 0) {
        return false;
      }
    }
    return endsWith(segments[last], a, at, to);
  }

  /** The end of a match that begins just here, or -1. */
  private static int matchAt(Segment s, byte[] a, int from, int to) {
    int at = from;
    byte[][] pieces = s.pieces;
    for (int k = 0; k < pieces.length; k++) {
      if (k > 0) {
        if (at >= to) {
          return -1;
        }
        at = Utf8.next(a, at, to);
      }
      byte[] piece = pieces[k];
      if (to - at < piece.length || !startsWith(a, at, piece)) {
        return -1;
      }
      at += piece.length;
    }
    return at;
  }

  private static boolean startsWith(byte[] a, int at, byte[] piece) {
    return Arrays.equals(a, at, at + piece.length, piece, 0, piece.length);
  }

  /** The end of the leftmost match, or -1. */
  private static int find(Segment s, byte[] a, int from, int to) {
    if (!s.hasHoles()) {
      int at = Utf8.indexOf(a, from, to, s.pieces[0]);
      return at < 0 ? -1 : at + s.pieces[0].length;
    }
    for (int at = from; at < to; at = Utf8.next(a, at, to)) {
      int end = matchAt(s, a, at, to);
      if (end >= 0) {
        return end;
      }
    }
    return -1;
  }

  private static boolean endsWith(Segment s, byte[] a, int from, int to) {
    if (s.isEmpty()) {
      return true;
    }
    int bytes = 0;
    for (byte[] piece : s.pieces) {
      bytes += piece.length;
    }
    if (!s.hasHoles()) {
      return to - from >= bytes && startsWith(a, to - bytes, s.pieces[0]);
    }
    // The holes are of unknown width: walk back over as many code points as the segment has.
    int at = to;
    byte[][] pieces = s.pieces;
    for (int k = pieces.length - 1; k >= 0; k--) {
      byte[] piece = pieces[k];
      at -= piece.length;
      if (at < from || !startsWith(a, at, piece)) {
        return false;
      }
      if (k > 0) {
        if (at <= from) {
          return false;
        }
        at = Utf8.previous(a, at, from);
      }
    }
    return true;
  }
}
