package dev.penstock.sources.files;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folders that files may not leave; null stands for no such bound. */
final class Roots {
  private Roots() {}

  /** Does a path that exists lie in a root, or is it one? Links are followed. */
  static boolean hold(@Nullable List<Path> roots, Path path) throws IOException {
    if (roots == null) {
      return true;
    }
    Path real = path.toRealPath();
    for (Path root : roots) {
      if (real.startsWith(root.toRealPath())) {
        return true;
      }
    }
    return false;
  }

  /** Could a path lie in a root, by its names alone? */
  static boolean mayHold(@Nullable List<Path> roots, Path path) {
    if (roots == null) {
      return true;
    }
    Path plain = path.toAbsolutePath().normalize();
    return roots.stream().anyMatch(r -> plain.startsWith(r.toAbsolutePath().normalize()));
  }

  /** Could a pattern match files in a root? Its folders are listed then; each match is checked. */
  static boolean mayMatch(@Nullable List<Path> roots, Path base, String pattern) {
    if (roots == null) {
      return true;
    }
    if (pattern.contains("..")) {
      return false;
    }
    try {
      return mayHold(roots, base.resolve(Glob.folder(pattern)));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
