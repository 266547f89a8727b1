package dev.penstock.server.arrow;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds one flatbuffer, as metadata of Arrow is written, from its end to its beginning: what is
 * referred to is built before what refers to it. An offset counts bytes from the end.
 *
 * <pre>
 * root offset | tables, vectors, strings ...                 head grows to the left
 * table:  soffset to its vtable (i32) | fields, inline values and offsets (u32)
 * vtable: its size (u16) | size of the table (u16) | place of each field in it, 0: absent (u16)
 * vector: number of elements (u32) | elements
 * </pre>
 */
final class FlatBuffer {
  private byte[] bytes = new byte[1024];
  private int head = bytes.length;
  private int widest = 1;
  private int[] fields = {};
  private int tableStart;

  private int offset() {
    return bytes.length - head;
  }

  /** Makes room for a value, and {@code more} bytes after it, so that the value is aligned. */
  private void align(int size, int more) {
    widest = Math.max(widest, size);
    int pad = -(offset() + more) & (size - 1);
    int needed = pad + size + more;
    if (head < needed) {
      int longer = Math.max(bytes.length * 2, bytes.length + needed);
      byte[] grown = new byte[longer];
      System.arraycopy(bytes, head, grown, longer - offset(), offset());
      head = longer - offset();
      bytes = grown;
    }
    head -= pad;
  }

  private void put(long value, int size) {
    align(size, 0);
    head -= size;
    set(head, value, size);
  }

  private void set(int at, long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  private void putReference(int to) {
    align(4, 0);
    put(offset() + 4 - to, 4);
  }

  /** A text; its offset. */
  int text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    align(4, utf8.length + 1);
    head -= utf8.length + 1;
    System.arraycopy(utf8, 0, bytes, head, utf8.length);
    bytes[head + utf8.length] = 0;
    put(utf8.length, 4);
    return offset();
  }

  /** A vector of tables or texts; its offset. */
  int vector(int... elements) {
    align(4, 4 * elements.length);
    for (int i = elements.length - 1; i >= 0; i--) {
      putReference(elements[i]);
    }
    put(elements.length, 4);
    return offset();
  }

  /** A vector of structs of two longs; its offset. */
  int pairs(long[] values, int count) {
    align(4, 16 * count);
    align(8, 16 * count);
    for (int i = 2 * count - 1; i >= 0; i--) {
      put(values[i], 8);
    }
    put(count, 4);
    return offset();
  }

  /** Begins a table; what its fields refer to must have been built. */
  FlatBuffer table(int slots) {
    fields = new int[slots];
    tableStart = offset();
    return this;
  }

  /** An inline field of 1, 2, 4 or 8 bytes. */
  FlatBuffer field(int slot, long value, int size) {
    put(value, size);
    fields[slot] = offset();
    return this;
  }

  FlatBuffer reference(int slot, int to) {
    putReference(to);
    fields[slot] = offset();
    return this;
  }

  /** Ends the table; its offset. */
  int end() {
    put(0, 4);
    int table = offset();
    int used = fields.length;
    while (used > 0 && fields[used - 1] == 0) {
      used--;
    }
    for (int i = used - 1; i >= 0; i--) {
      put(fields[i] == 0 ? 0 : table - fields[i], 2);
    }
    put(table - tableStart, 2);
    put(2L * (used + 2), 2);
    set(bytes.length - table, offset() - table, 4);
    return table;
  }

  /** The whole, which begins with a reference to this table. */
  byte[] finish(int root) {
    align(widest, 4);
    putReference(root);
    return Arrays.copyOfRange(bytes, head, bytes.length);
  }
}
