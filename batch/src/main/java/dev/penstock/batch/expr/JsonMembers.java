package dev.penstock.batch.expr;

import org.jspecify.annotations.Nullable;

/** Steps over the members of a JSON array or object in a byte range. Not thread-safe. */
final class JsonMembers {
  private final byte[] a;
  private final int to;
  private final boolean array;
  private int at;
  private int key = -1;
  private int value = -1;
  private boolean first = true;
  private boolean broken;

  private JsonMembers(byte[] a, int at, int to) {
    this.a = a;
    this.to = to;
    this.array = a[at] == '[';
    this.at = at + 1;
  }

  /** The members of the array or object that begins here, or null if none does. */
  static @Nullable JsonMembers at(byte[] a, int at, int to) {
    return at < to && (a[at] == '[' || a[at] == '{') ? new JsonMembers(a, at, to) : null;
  }

  boolean ofArray() {
    return array;
  }

  /** To the next member; false when there is none, or the text is no JSON. */
  boolean next() {
    at = JsonText.skipSpace(a, at, to);
    byte close = (byte) (array ? ']' : '}');
    if (at < to && a[at] == close) {
      return false;
    }
    if (!first) {
      if (at >= to || a[at] != ',') {
        broken = true;
        return false;
      }
      at = JsonText.skipSpace(a, at + 1, to);
    }
    first = false;
    key = at;
    value = array ? at : JsonText.skipName(a, at, to);
    at = value < 0 ? -1 : JsonText.skipValue(a, value, to, 1);
    broken = at < 0;
    return !broken;
  }

  /** Did the text turn out to be no JSON? */
  boolean broken() {
    return broken;
  }

  /** Where the member's value begins. */
  int value() {
    return value;
  }

  /** The member's key, decoded. */
  String key() {
    int end = JsonText.skipString(a, key, to);
    return JsonText.decode(Utf8.string(a, key + 1, end - 1));
  }
}
