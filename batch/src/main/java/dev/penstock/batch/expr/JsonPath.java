package dev.penstock.batch.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A way into JSON text. {@code a.0.b}: keys of objects and indexes of arrays, as the text has them.
 * {@code $.a[0]."b c"[-1]}: keys with a point, indexes in brackets, from the end when negative.
 */
final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile("\\.\"((?:[^\"\\\\]|\\\\.)*)\"|\\.([^.\\[\"]+)|\\[(#?-)?(\\d{1,9})]");

  /** A key, or (without one) an index. A plain step may be either: its key is tried as an index. */
  private record Step(@Nullable String key, int index, boolean plain) {}

  private final List<Step> steps = new ArrayList<>();

  private JsonPath() {}

  static JsonPath ofIndex(long index) {
    JsonPath path = new JsonPath();
    // No array has as many elements.
    path.steps.add(new Step(null, (int) Math.max(-1, Math.min(Integer.MAX_VALUE, index)), true));
    return path;
  }

  /** A bad path (only one that begins with $ can be) is null. */
  static @Nullable JsonPath parse(String text) {
    JsonPath path = new JsonPath();
    if (!text.startsWith("$")) {
      for (String key : text.split("\\.", -1)) {
        path.steps.add(new Step(key, 0, true));
      }
      return path;
    }
    Matcher m = STEP.matcher(text).region(1, text.length());
    int at = 1;
    while (m.lookingAt()) {
      if (m.group(4) != null) {
        int n = Integer.parseInt(m.group(4));
        path.steps.add(new Step(null, m.group(3) != null ? -n : n, false));
      } else {
        String quoted = m.group(1);
        path.steps.add(new Step(quoted != null ? JsonText.decode(quoted) : m.group(2), 0, false));
      }
      at = m.end();
      m.region(at, text.length());
    }
    return at == text.length() ? path : null;
  }

  /**
   * Where the value begins, or -1 if there is none, or -2 if the text is not JSON as far as it was
   * read. The value of an object is that of its last such key.
   */
  int find(byte[] a, int from, int to) {
    int at = from;
    for (Step step : steps) {
      at = at < 0 ? at : member(step, a, at, to);
    }
    return at >= 0 && steps.isEmpty() && JsonText.skipValue(a, at, to, 0) < 0 ? -2 : at;
  }

  private static int member(Step step, byte[] a, int at, int to) {
    int index = step.index;
    if (index < 0 && !step.plain) {
      int count = count(a, at, to);
      if (count == -2 || count + index < 0) {
        return count == -2 ? -2 : -1;
      }
      index += count;
    }
    JsonMembers members = JsonMembers.at(a, at, to);
    if (members == null) {
      return JsonText.skipValue(a, at, to, 0) < 0 ? -2 : -1;
    }
    int found = -1;
    int k = 0;
    while (members.next()) {
      boolean hit =
          members.ofArray()
              ? step.key == null ? k == index : step.plain && step.key.equals(Integer.toString(k))
              : step.key != null && step.key.equals(members.key());
      found = hit ? members.value() : found;
      k++;
    }
    return members.broken() ? -2 : found;
  }

  /** The elements of an array, 0 of anything else, -2 of what is not JSON. */
  private static int count(byte[] a, int at, int to) {
    JsonMembers members = JsonMembers.at(a, at, to);
    if (members == null || !members.ofArray()) {
      return 0;
    }
    int n = 0;
    while (members.next()) {
      n++;
    }
    return members.broken() ? -2 : n;
  }
}
