package dev.penstock.sql;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.files.FileFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder whose files, and whose folders of files, are tables: {@code people.csv} is the table
 * people. Where two would have the same name, each keeps its ending ({@code "people.csv"}).
 */
public final class DataFolder {
  private DataFolder() {}

  /**
   * Adds the tables to the engine's catalog, except where it has one of that name. Blocking; it
   * lists the folder, and opens no file.
   */
  public static void addTo(Engine engine, Path folder) {
    Map<String, List<Path>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : (Iterable<Path>) entries.sorted()::iterator) {
        String file = entry.getFileName().toString();
        if (!file.startsWith(".") && (isTable(entry))) {
          byName.computeIfAbsent(name(entry), n -> new ArrayList<>()).add(entry);
        }
      }
    } catch (IOException e) {
      throw PenstockException.io("unreadable", folder + ": cannot be listed: " + e.getMessage(), e);
    }
    byName.forEach(
        (name, entries) -> {
          for (Path entry : entries) {
            String given = entries.size() == 1 ? name : entry.getFileName().toString();
            engine
                .catalog()
                .addIfAbsent(given, new FileTable(engine, path(engine, entry), Map.of()));
          }
        });
  }

  private static boolean isTable(Path entry) throws IOException {
    if (!Files.isDirectory(entry)) {
      return isData(entry);
    }
    try (Stream<Path> files = Files.list(entry)) {
      return files.anyMatch(f -> Files.isRegularFile(f) && isData(f));
    }
  }

  private static boolean isData(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && FileFormat.ofName(name).isPresent();
  }

  private static String name(Path entry) {
    String file = entry.getFileName().toString();
    if (Files.isDirectory(entry)) {
      return file;
    }
    String unpacked = file.replaceFirst("(?i)\\.(gz|zst)$", "");
    return unpacked.substring(0, unpacked.lastIndexOf('.'));
  }

  /** As the engine reads it: below its base directory relative to that. */
  static String path(Engine engine, Path file) {
    Path base = engine.options().baseDirectory().toAbsolutePath().normalize();
    Path absolute = file.toAbsolutePath().normalize();
    Path path =
        absolute.startsWith(base) && !absolute.equals(base) ? base.relativize(absolute) : absolute;
    return path.toString().replace('\\', '/');
  }
}
