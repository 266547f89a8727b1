package dev.penstock.sources.files;

import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sources.FileIdentity;
import dev.penstock.sources.KeyedSource;
import dev.penstock.sources.csv.CsvOptions;
import dev.penstock.sources.csv.CsvSource;
import dev.penstock.sources.json.JsonOptions;
import dev.penstock.sources.json.JsonSource;
import dev.penstock.sources.parquet.ParquetFile;
import dev.penstock.sources.parquet.ParquetSource;
import dev.penstock.sources.text.Nearest;
import dev.penstock.sources.text.Options;
import dev.penstock.sources.text.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Opens files as sources.
 *
 * <p>With a base folder, relative paths start there; a confined base also lets no path leave it,
 * symbolic links followed. Any thread. Opening lists folders and looks whether files can be read;
 * it blocks. What was found out about files (footers, columns, statistics) is kept as long as they
 * do not change, up to a limit.
 */
public final class FileTables {
  private static final long KEPT_BYTES = 64L << 20;

  /** Parsed footers take about so many times their bytes. */
  private static final int PARSED = 8;

  private static final long TABLE_BYTES = 64 << 10;

  private static final Pattern REMOTE = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+://");

  /** A table: what it was asked for by, and the state of its files. */
  private record Key(
      FileFormat format,
      String text,
      Map<String, @Nullable Object> options,
      List<FileIdentity> files) {}

  private final Path base;

  /** Files outside of these folders are refused; null: none are. */
  private final @Nullable List<Path> roots;

  private final Recent<Key, Source> tables;
  private final Recent<FileIdentity, ParquetFile> footers;

  private FileTables(Path base, @Nullable List<Path> roots, long keptBytes) {
    this.base = base;
    this.roots = roots;
    this.tables = new Recent<>(keptBytes / 2);
    this.footers = new Recent<>(keptBytes / 2);
  }

  /** Relative paths start at this folder; other paths are allowed. */
  public static FileTables at(Path folder) {
    return new FileTables(folder, null, KEPT_BYTES);
  }

  /** Only files in this folder, and below it, can be opened. */
  public static FileTables confinedTo(Path folder) {
    return confinedTo(folder, List.of(folder));
  }

  /**
   * Relative paths start at this folder; only files in the roots, and below them, can be opened.
   */
  public static FileTables confinedTo(Path folder, List<Path> roots) {
    return new FileTables(folder, List.copyOf(roots), KEPT_BYTES);
  }

  /** The same, with at most about so many bytes of what is known of files, and nothing kept yet. */
  public FileTables keeping(long bytes) {
    return new FileTables(base, roots, Math.min(bytes, KEPT_BYTES));
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
    boolean keyed = plain.containsKey("keys");
    Object keys = plain.remove("keys");
    Source source = kept(format, text, files, plain);
    return keyed ? KeyedSource.of(text, source, keys == null ? List.of() : keys) : source;
  }

  private Source kept(
      FileFormat format, String text, List<Path> files, Map<String, @Nullable Object> options) {
    List<FileIdentity> identities = new ArrayList<>();
    boolean settled = true;
    Instant now = Instant.now();
    for (Path f : files) {
      FileIdentity id = identity(f);
      identities.add(id);
      settled &= id.isSettled(now);
    }
    Key key = new Key(format, text, options, identities);
    Source known = tables.get(key);
    if (known != null) {
      return known;
    }
    Source opened =
        format == FileFormat.PARQUET
            ? parquet(text, files, identities, options)
            : source(format, text, files, options);
    if (settled) {
      tables.put(key, opened, TABLE_BYTES + bytes(opened));
    }
    return opened;
  }

  private static long bytes(Source source) {
    long sum = 0;
    if (source instanceof ParquetSource p) {
      for (ParquetFile f : p.files()) {
        sum += f.footerBytes() * PARSED;
      }
    }
    return sum;
  }

  private static FileIdentity identity(Path file) {
    try {
      return FileIdentity.of(file);
    } catch (IOException e) {
      throw PenstockException.io(
          "unreadable", name(file) + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private Source parquet(
      String text,
      List<Path> files,
      List<FileIdentity> identities,
      Map<String, @Nullable Object> options) {
    new Options(text, options).allow(List.of("format"));
    List<ParquetFile> open = new ArrayList<>();
    Instant now = Instant.now();
    for (int i = 0; i < files.size(); i++) {
      FileIdentity id = identities.get(i);
      ParquetFile file = footers.get(id);
      if (file == null || !file.path().equals(files.get(i))) {
        file = ParquetFile.open(files.get(i));
        if (id.isSettled(now)) {
          footers.put(id, file, file.footerBytes() * PARSED);
        }
      }
      open.add(file);
    }
    return ParquetSource.of(open);
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
      case PARQUET -> throw new IllegalArgumentException("opened by its footers");
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
    if (path != null && Files.exists(path)) {
      confine(text, path);
      throw PenstockException.unsupported(
          "not-a-file",
          text
              + ": expected a file or a folder, got a pipe or a device; a table is read more than"
              + " once, so copy it to a file first");
    }
    if (!Glob.isPattern(text)) {
      throw missing(text, path);
    }
    if (!Roots.mayMatch(roots, base, text)) {
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
    try {
      if (!Roots.hold(roots, path)) {
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
    if (REMOTE.matcher(text).find()) {
      return PenstockException.unsupported(
          "remote-file", text + ": files are read from this machine only; fetch it first");
    }
    if (path != null && !Roots.mayHold(roots, path)) {
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
