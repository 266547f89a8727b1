package dev.penstock.sources.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads and writes little-endian words at any offset of a byte array. */
final class LittleEndian {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG_BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private LittleEndian() {}

  static short getShort(byte[] b, int at) {
    return (short) SHORT.get(b, at);
  }

  static int getInt(byte[] b, int at) {
    return (int) INT.get(b, at);
  }

  static long getLong(byte[] b, int at) {
    return (long) LONG.get(b, at);
  }

  /** The odd one out: a big-endian word. */
  static long getBigEndianLong(byte[] b, int at) {
    return (long) LONG_BIG.get(b, at);
  }

  static void putInt(byte[] b, int at, int v) {
    INT.set(b, at, v);
  }

  static void putLong(byte[] b, int at, long v) {
    LONG.set(b, at, v);
  }

  static void putBigEndianLong(byte[] b, int at, long v) {
    LONG_BIG.set(b, at, v);
  }
}
