package dev.penstock.sparql.store;

import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a store are. Immutable; text in a file of its own, which is replaced by a
 * rename.
 *
 * <pre>
 * penstock triples 1
 * store HEX
 * version N
 * (runs|terms) FILE VERSION BYTES      spo, pos, osp; then the segments of terms in their order
 * end HEX                              CRC32C of all lines before
 * </pre>
 *
 * @param store drawn when the store was made
 */
record Manifest(long store, long version, List<Entry> runs, List<Entry> terms) {
  static final String NAME = "MANIFEST";
  private static final String FIRST = "penstock triples 1";
  private static final int MOST_BYTES = 1 << 20;

  Manifest {
    runs = List.copyOf(runs);
    terms = List.copyOf(terms);
  }

  /**
   * @param version of the store that made the file
   */
  record Entry(String file, long version, long bytes) {}

  private String text() {
    StringBuilder out = new StringBuilder(FIRST + "\n");
    out.append("store ").append(Long.toHexString(store)).append('\n');
    out.append("version ").append(version).append('\n');
    runs.forEach(e -> line(out, "runs", e));
    terms.forEach(e -> line(out, "terms", e));
    String sum = sum(out.toString());
    return out.append("end ").append(sum).append('\n').toString();
  }

  private static void line(StringBuilder out, String what, Entry e) {
    out.append(what).append(' ').append(e.file()).append(' ').append(e.version());
    out.append(' ').append(e.bytes()).append('\n');
  }

  private static String sum(String text) {
    CRC32C sum = new CRC32C();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(sum.getValue());
  }

  /** The manifest of a folder, or null when there is none. */
  static @Nullable Manifest read(Path folder) {
    Path file = folder.resolve(NAME);
    String text;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw corrupt(file, "it has more than " + MOST_BYTES + " bytes");
      }
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw PenstockException.io("store-read", "cannot read " + file + ": " + e, e);
    }
    return parse(file, text);
  }

  private static Manifest parse(Path file, String text) {
    if (!text.startsWith("penstock triples ")) {
      throw corrupt(file, "it does not begin with \"" + FIRST + "\"");
    }
    int end = text.lastIndexOf("end ");
    if (end < 0 || !text.substring(end).equals("end " + sum(text.substring(0, end)) + "\n")) {
      throw corrupt(file, "it is not what was written");
    }
    String[] lines = text.substring(0, end).split("\n");
    if (!lines[0].equals(FIRST)) {
      throw PenstockException.unsupported(
          "store-format",
          file
              + " has the format \""
              + lines[0]
              + "\", expected \""
              + FIRST
              + "\"; load its data again");
    }
    long store = 0;
    long version = 0;
    List<Entry> runs = new ArrayList<>();
    List<Entry> terms = new ArrayList<>();
    try {
      for (int i = 1; i < lines.length; i++) {
        String[] words = lines[i].split(" ");
        switch (words[0]) {
          case "store" -> store = Long.parseUnsignedLong(words[1], 16);
          case "version" -> version = Long.parseLong(words[1]);
          default ->
              (words[0].equals("runs") ? runs : terms)
                  .add(new Entry(words[1], Long.parseLong(words[2]), Long.parseLong(words[3])));
        }
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw corrupt(file, "it cannot be read");
    }
    return new Manifest(store, version, runs, terms);
  }

  private static PenstockException corrupt(Path file, String why) {
    return new PenstockException(
        PenstockException.Category.IO,
        "store-corrupt",
        file + " is corrupt: " + why + "; take the store from a copy, or load its data again");
  }

  /** Replaces the manifest of a folder in one step; all files that it names are on the disk. */
  void publish(Path folder) {
    Path next = folder.resolve(NAME + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer all = ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8));
        while (all.hasRemaining()) {
          channel.write(all);
        }
        channel.force(true);
      }
      force(folder);
      Files.move(
          next,
          folder.resolve(NAME),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      force(folder);
    } catch (IOException e) {
      throw PenstockException.io("store-write", "cannot write " + next + ": " + e, e);
    }
  }

  /** Names of files reach the disk, where the system lets a folder be forced. */
  @SuppressWarnings("EmptyCatch")
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // not on this system; renames are in order there as well
    }
  }
}
