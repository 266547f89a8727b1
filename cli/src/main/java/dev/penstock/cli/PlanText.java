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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a plan comes from: a file, standard input, or the command line. */
final class PlanText {
  /** Longer texts are refused before they are read in full. */
  private static final int MAX_BYTES = 1 << 20;

  @Parameters(
      index = "0",
      paramLabel = "PLAN.edn",
      description = "A file, or - for standard input.")
  private @Nullable String file;

  @Option(
      names = {"-e", "--eval"},
      paramLabel = "PLAN",
      description = "The plan itself.")
  private @Nullable String text;

  /** What stands before line and column in messages. */
  String name() {
    return text != null ? "-e" : "-".equals(file) ? "stdin" : String.valueOf(file);
  }

  /** Blocking. */
  String read(InputStream stdin) {
    if (text != null) {
      return text;
    }
    String name = name();
    try {
      byte[] bytes = "-".equals(file) ? stdin.readNBytes(MAX_BYTES + 1) : bytes(name);
      if (bytes.length > MAX_BYTES) {
        throw PenstockException.limit(
            "plan-too-long", name + ": the text of a plan has at most 1 MiB, this one is longer");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw PenstockException.io("plan-file", name + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw PenstockException.io(
          "plan-file", name + ": expected a plan in UTF-8, got other bytes", e);
    } catch (IOException e) {
      throw PenstockException.io("plan-file", name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(String name) throws IOException {
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      throw PenstockException.io("plan-file", name + ": not a path of this system", e);
    }
    if (Files.isDirectory(path)) {
      throw PenstockException.incorrect(
          "plan-file", name + ": a folder; expected a file with a plan");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(MAX_BYTES + 1);
    }
  }
}
