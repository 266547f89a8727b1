package dev.penstock.sparql.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Up to 2048 triples of a run, packed by column so that each value is found by its position.
 *
 * <pre>
 * block  = rows (4) place of column 1 (4) place of column 2 (4) 0 (4) column column column 0 (8)
 * column = width (1) 0 (1) bases (2) base (8 each) [which base (1 each row)] [rest (width each row)]
 *          value = base + rest; with one base there is no "which"
 * </pre>
 */
final class Block {
  static final int SHIFT = 11;
  static final int ROWS = 1 << SHIFT;
  static final int HEADER = 16;

  /** Rests of less than 8 bytes are read as 8: so many bytes lie behind the last. */
  static final int SLACK = 8;

  private Block() {}

  static int rows(ByteBuffer in, int at) {
    return in.getInt(at);
  }

  private static int column(ByteBuffer in, int at, int column) {
    return at + (column == 0 ? HEADER : in.getInt(at + 4 * column));
  }

  static long mask(int width) {
    return width == 8 ? -1 : (1L << (8 * width)) - 1;
  }

  /** A value of a block that begins at a place of a buffer. */
  static long get(ByteBuffer in, int at, int column, int row) {
    int place = column(in, at, column);
    int width = in.get(place);
    int bases = in.getShort(place + 2);
    int data = place + 4 + 8 * bases;
    if (bases == 1) {
      return in.getLong(place + 4) + (in.getLong(data + row * width) & mask(width));
    }
    int base = in.get(data + row) & 255;
    long rest = in.getLong(data + rows(in, at) + row * width) & mask(width);
    return in.getLong(place + 4 + 8 * base) + rest;
  }

  /** Values of a column from a row on. */
  static void copy(ByteBuffer in, int at, int column, int row, int n, long[] to, int toAt) {
    int place = column(in, at, column);
    int width = in.get(place);
    int bases = in.getShort(place + 2);
    int data = place + 4 + 8 * bases;
    if (bases == 1) {
      oneBase(in, in.getLong(place + 4), width, data + row * width, n, to, toAt);
      return;
    }
    oneBase(in, 0, width, data + rows(in, at) + row * width, n, to, toAt);
    for (int i = 0; i < n; i++) {
      to[toAt + i] += in.getLong(place + 4 + 8 * (in.get(data + row + i) & 255));
    }
  }

  private static void oneBase(
      ByteBuffer in, long base, int width, int data, int n, long[] to, int toAt) {
    switch (width) {
      case 0 -> Arrays.fill(to, toAt, toAt + n, base);
      case 1 -> {
        for (int i = 0; i < n; i++) {
          to[toAt + i] = base + (in.get(data + i) & 0xFF);
        }
      }
      case 2 -> {
        for (int i = 0; i < n; i++) {
          to[toAt + i] = base + (in.getShort(data + 2 * i) & 0xFFFF);
        }
      }
      case 4 -> {
        for (int i = 0; i < n; i++) {
          to[toAt + i] = base + (in.getInt(data + 4 * i) & 0xFFFFFFFFL);
        }
      }
      default -> {
        long mask = mask(width);
        for (int i = 0; i < n; i++) {
          to[toAt + i] = base + (in.getLong(data + i * width) & mask);
        }
      }
    }
  }
}
