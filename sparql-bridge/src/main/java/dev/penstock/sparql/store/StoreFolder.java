package dev.penstock.sparql.store;

import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.page.Bytes;
import dev.penstock.sparql.page.FileFormat;
import dev.penstock.sparql.term.MappedTerms;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a store on disk: opens its present version, and lets one writer in at a time.
 *
 * <p>Concurrency: {@code LOCKED} has the folders that this process writes: a file lock is the
 * process's, and closing any channel of the file would give it up.
 */
final class StoreFolder {
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();
  private static final Pattern OWN =
      Pattern.compile("v\\d+-(spo|pos|osp|new)\\.run|v\\d+\\.terms(-\\d+\\.tmp)?");
  private static final int TRIES = 5;
  private static final int FILES = 3;

  private final Path folder;

  StoreFolder(Path folder) {
    this.folder = folder;
  }

  Path path() {
    return folder;
  }

  /** A version that was opened. */
  record Opened(Manifest manifest, List<Bytes> segments, StoreState state) {}

  /** The present version; null when there is no store yet. */
  @Nullable Opened open(Budget budget) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw PenstockException.incorrect(
          "store-folder", "expected the folder of a triple store, got the file " + folder);
    }
    for (int i = 1; ; i++) {
      Manifest manifest = Manifest.read(folder);
      if (manifest == null) {
        checkEmpty();
        return null;
      }
      try {
        return open(manifest, budget);
      } catch (NoSuchFileException e) {
        // a writer may have published a newer version, and removed this one
        Manifest now = Manifest.read(folder);
        if (i == TRIES || (now != null && now.version() == manifest.version())) {
          throw PenstockException.io(
              "store-corrupt",
              "the store "
                  + folder
                  + " lacks its file "
                  + e.getFile()
                  + "; take it from a copy, or load its data again",
              e);
        }
      } catch (IOException e) {
        throw PenstockException.io("store-read", "cannot read the store " + folder + ": " + e, e);
      }
    }
  }

  private void checkEmpty() {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> others =
          files
              .map(f -> f.getFileName().toString())
              .filter(n -> !isOwn(n))
              .sorted()
              .limit(3)
              .toList();
      if (!others.isEmpty()) {
        throw PenstockException.incorrect(
            "store-folder",
            "expected the folder of a triple store, or an empty one, got "
                + folder
                + " with "
                + String.join(", ", others));
      }
    } catch (IOException e) {
      throw PenstockException.io("store-read", "cannot read the folder " + folder + ": " + e, e);
    }
  }

  private static boolean isOwn(String name) {
    return name.equals("lock") || name.startsWith(Manifest.NAME) || OWN.matcher(name).matches();
  }

  private Opened open(Manifest m, Budget budget) throws IOException {
    GraphRuns[] runs = {GraphRuns.NONE, GraphRuns.NONE, GraphRuns.NONE};
    if (m.runs().size() != FILES) {
      throw PenstockException.io(
          "store-corrupt",
          "the manifest of the store " + folder + " names " + m.runs().size() + " runs, expected 3",
          new IOException("runs"));
    }
    for (int k = 0; k < FILES; k++) {
      runs[k] = new GraphRuns(map(m, m.runs().get(k), k + 1));
    }
    List<Bytes> segments = new ArrayList<>();
    for (Manifest.Entry e : m.terms()) {
      segments.add(map(m, e, MappedTerms.fileKind()));
    }
    return new Opened(m, segments, state(segments, runs, budget));
  }

  private Bytes map(Manifest m, Manifest.Entry e, int kind) throws IOException {
    return FileFormat.open(
        folder.resolve(e.file()), new FileFormat.Identity(kind, m.store(), e.version()), e.bytes());
  }

  static StoreState state(List<Bytes> segments, GraphRuns[] runs, Budget budget) {
    MappedTerms terms = new MappedTerms(segments, budget.open("terms at hand"));
    return new StoreState(terms, terms.size(), runs[0], runs[1], runs[2]);
  }

  /** The right to write, until it is closed. */
  final class Lock implements AutoCloseable {
    private final Path real;
    private final FileChannel channel;
    private final FileLock lock;

    Lock() {
      try {
        Files.createDirectories(folder);
        real = folder.toRealPath();
        if (!LOCKED.add(real)) {
          throw taken(null);
        }
      } catch (IOException e) {
        throw PenstockException.io("store-write", "cannot write to " + folder + ": " + e, e);
      }
      FileChannel opened = null;
      try {
        opened =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock got = opened.tryLock();
        if (got == null) {
          throw taken(null);
        }
        channel = opened;
        lock = got;
      } catch (IOException | OverlappingFileLockException e) {
        release(opened);
        throw e instanceof IOException io
            ? PenstockException.io("store-write", "cannot write to " + folder + ": " + e, io)
            : taken(e);
      } catch (PenstockException e) {
        release(opened);
        throw e;
      }
    }

    private PenstockException taken(@Nullable Exception cause) {
      return new PenstockException(
          PenstockException.Category.LIMIT,
          "store-locked",
          "the store "
              + folder
              + " is being written by somebody else; try again when that has ended",
          cause);
    }

    private void release(@Nullable FileChannel opened) {
      try (FileChannel closing = opened) {
        LOCKED.remove(real);
      } catch (IOException e) {
        throw PenstockException.io("store-write", "cannot close the lock of " + folder, e);
      }
    }

    @Override
    public void close() {
      try {
        lock.release();
      } catch (IOException e) {
        throw PenstockException.io("store-write", "cannot give up the lock of " + folder, e);
      } finally {
        release(channel);
      }
    }
  }

  /** Removes files that no version needs: of loads that died, and of versions that are over. */
  void clean(@Nullable Manifest present) {
    Set<String> needed = new HashSet<>();
    if (present != null) {
      present.runs().forEach(e -> needed.add(e.file()));
      present.terms().forEach(e -> needed.add(e.file()));
    }
    List<Path> old;
    try (Stream<Path> files = Files.list(folder)) {
      old =
          files
              .filter(f -> OWN.matcher(f.getFileName().toString()).matches())
              .filter(f -> !needed.contains(f.getFileName().toString()))
              .toList();
      for (Path f : old) {
        Files.deleteIfExists(f);
      }
    } catch (IOException e) {
      throw PenstockException.io("store-write", "cannot remove old files of " + folder, e);
    }
  }
}
