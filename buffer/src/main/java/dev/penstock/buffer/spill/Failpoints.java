package dev.penstock.buffer.spill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Where tests make a disk fail; otherwise {@link #NONE}. */
@FunctionalInterface
public interface Failpoints {
  /** The places. There is none for fsync: spilled rows need not outlive the process. */
  enum Place {
    /** Before a file is made. */
    OPEN,
    /** Before bytes are written; a lower limit of the buffer makes the write short. */
    WRITE,
    /** After bytes were read: from 0 until the buffer's position. */
    READ,
    /** Before a file is deleted. */
    DELETE
  }

  Failpoints NONE = (place, path, bytes) -> {};

  void reach(Place place, Path path, ByteBuffer bytes) throws IOException;
}
