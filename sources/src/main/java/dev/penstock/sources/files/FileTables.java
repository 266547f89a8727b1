package dev.penstock.sources.files;

import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sources.csv.CsvOptions;
import dev.penstock.sources.csv.CsvSource;
import dev.penstock.sources.json.JsonOptions;
import dev.penstock.sources.json.JsonSource;
import dev.penstock.sources.parquet.ParquetSource;
import dev.penstock.sources.text.Nearest;
import dev.penstock.sources.text.Options;
import dev.penstock.sources.text.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Opens files as sources.
 *
 * <p>With a base folder, relative paths start there; a confined base also lets no path leave it,
 * symbolic links followed. Immutable; any thread. Opening lists folders and looks whether files can
 * be read; it blocks.
 */
public final class FileTables {
  private final Path base;
  private final boolean confined;

  private FileTables(Path base, boolean confined) {
    this.base = base;
    this.confined = confined;
  }

  /** Relative paths start at this folder; other paths are allowed. */
  public static FileTables at(Path folder) {
    return new FileTables(folder, false);
  }

  /** Only files in this folder, and below it, can be opened. */
  public static FileTables confinedTo(Path folder) {
    return new FileTables(folder, true);
  }

  /** Opens relative to the working folder. */
  public static Source open(String text, Map<String, ? extends @Nullable Object> options) {
    return at(Path.of("")).table(text, options);
  }

  /**
   * A path, a glob or a folder as a source; the format by option {@code :format} or by the ending.
   *
   * @param options of a plan's {@code table+}; they go to the format
   */
  public Source table(String text, Map<String, ? extends @Nullable Object> options) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    options.forEach((k, v) -> plain.put(k.startsWith(":") ? k.substring(1) : k, v));
    Object asked = plain.get("format");
    List<Path> files = files(text, asked != null);
    FileFormat format =
        asked == null ? commonFormat(text, files) : FileFormat.ofOption(text, asked.toString());
    for (Path f : files) {
      check(f);
    }
    return source(format, text, files, plain);
  }

  private Source source(
      FileFormat format, String text, List<Path> files, Map<String, @Nullable Object> options) {
    return switch (format) {
      case CSV -> {
        CsvOptions o = CsvOptions.parse(text, options);
        List<TextFile> texts = files.stream().map(f -> CsvSource.file(f, name(f), o)).toList();
        yield new CsvSource(texts, o);
      }
      case JSON -> {
        JsonOptions o = JsonOptions.parse(text, options);
        yield new JsonSource(files.stream().map(f -> JsonSource.file(f, name(f), o)).toList(), o);
      }
      case PARQUET -> {
        new Options(text, options).allow(List.of("format"));
        yield ParquetSource.open(files);
      }
    };
  }

  private List<Path> files(String text, boolean anyFormat) {
    Path path = path(text);
    if (path != null && Files.isRegularFile(path)) {
      confine(text, path);
      return List.of(path);
    }
    if (path != null && Files.isDirectory(path)) {
      confine(text, path);
      return folder(text, path, anyFormat);
    }
    if (!Glob.isPattern(text)) {
      throw missing(text, path);
    }
    if (confined && (text.startsWith("/") || text.contains(".."))) {
      throw outside(text);
    }
    List<Path> found = Glob.files(base, text);
    if (found.isEmpty()) {
      throw PenstockException.incorrect("no-such-file", text + ": no file matches");
    }
    found.forEach(f -> confine(text, f));
    return found;
  }

  private @Nullable Path path(String text) {
    try {
      return base.resolve(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private void confine(String text, Path path) {
    if (!confined) {
      return;
    }
    try {
      if (!path.toRealPath().startsWith(base.toRealPath())) {
        throw outside(text);
      }
    } catch (IOException e) {
      throw PenstockException.io("unreadable", text + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static PenstockException outside(String text) {
    return PenstockException.incorrect(
        "outside-folder", text + ": lies outside of the folder whose files may be read");
  }

  /** The files of a folder, by name; not those of its folders. */
  private static List<Path> folder(String text, Path folder, boolean anyFormat) {
    try (Stream<Path> list = Files.list(folder)) {
      List<Path> found =
          list.filter(Files::isRegularFile)
              .filter(f -> !Glob.isHidden(f.getFileName().toString()))
              .filter(f -> anyFormat || FileFormat.ofName(f.getFileName().toString()).isPresent())
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw PenstockException.incorrect(
            "no-such-file",
            text + ": the folder has no file of a known format (" + FileFormat.allEndings() + ")");
      }
      return found;
    } catch (IOException e) {
      throw PenstockException.io("unreadable", text + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  private PenstockException missing(String text, @Nullable Path path) {
    if (confined && path != null && !path.normalize().startsWith(base.normalize())) {
      return outside(text);
    }
    Path folder = path == null ? null : path.getParent();
    List<String> names = new ArrayList<>();
    if (folder != null && Files.isDirectory(folder)) {
      try (Stream<Path> list = Files.list(folder)) {
        list.forEach(f -> names.add(f.getFileName().toString()));
      } catch (IOException e) {
        names.clear(); // no hint then
      }
    }
    String name = path == null || path.getFileName() == null ? text : path.getFileName().toString();
    return PenstockException.incorrect(
        "no-such-file", text + ": no such file or folder" + Nearest.hint(name, names));
  }

  private static FileFormat commonFormat(String text, List<Path> files) {
    FileFormat common = null;
    Path firstFile = files.get(0);
    for (Path f : files) {
      Optional<FileFormat> format = FileFormat.ofName(f.getFileName().toString());
      if (format.isEmpty()) {
        throw PenstockException.incorrect(
            "unknown-format",
            name(f)
                + ": the ending does not tell the format (known: "
                + FileFormat.allEndings()
                + "); give :format");
      }
      if (common != null && common != format.get()) {
        throw PenstockException.incorrect(
            "mixed-formats",
            text
                + ": expected files of one format, got "
                + firstFile.getFileName()
                + " and "
                + f.getFileName()
                + "; narrow it by a glob such as "
                + "*."
                + common.option());
      }
      common = format.get();
    }
    if (common == null) {
      throw new IllegalStateException("no files");
    }
    return common;
  }

  private static void check(Path file) {
    if (!Files.isReadable(file)) {
      throw PenstockException.incorrect("unreadable", name(file) + ": no permission to read it");
    }
  }

  /** How messages call a file. */
  private static String name(Path file) {
    return file.toString().replace('\\', '/');
  }
}
