package dev.penstock.cli;

import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the text of a plan or of statements, as UTF-8, up to a limit. Blocking. */
final class TextFile {
  /** Longer texts are refused before they are read in full. */
  private static final int MAX_BYTES = 1 << 20;

  private TextFile() {}

  /**
   * @param what the file has, for messages: "a plan"
   */
  static String read(String name, String what) {
    try {
      return text(bytes(name, what), name, what);
    } catch (NoSuchFileException e) {
      throw PenstockException.io("plan-file", name + ": no such file", e);
    } catch (IOException e) {
      throw PenstockException.io("plan-file", name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  static String ofStdin(InputStream stdin, String what) {
    try {
      return text(stdin.readNBytes(MAX_BYTES + 1), "stdin", what);
    } catch (IOException e) {
      throw PenstockException.io("plan-file", "stdin: cannot be read: " + e.getMessage(), e);
    }
  }

  private static String text(byte[] bytes, String name, String what) {
    if (bytes.length > MAX_BYTES) {
      throw PenstockException.limit(
          "plan-too-long",
          name + ": the text of " + what + " has at most 1 MiB, this one is longer");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw PenstockException.io(
          "plan-file", name + ": expected " + what + " in UTF-8, got other bytes", e);
    }
  }

  private static byte[] bytes(String name, String what) throws IOException {
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      throw PenstockException.io("plan-file", name + ": not a path of this system", e);
    }
    if (Files.isDirectory(path)) {
      throw PenstockException.incorrect(
          "plan-file", name + ": a folder; expected a file with " + what);
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(MAX_BYTES + 1);
    }
  }
}
