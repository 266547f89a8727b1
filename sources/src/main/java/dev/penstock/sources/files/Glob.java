package dev.penstock.sources.files;

import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Patterns of paths: {@code *} and {@code ?} within a name, {@code **} across folders, {@code
 * [a-z]}, <code>{a,b}</code>; a backslash takes the next character as it is.
 */
final class Glob {
  private static final String SPECIAL = "*?[{";

  private Glob() {}

  static boolean isPattern(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (SPECIAL.indexOf(text.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** The part of a pattern before its last folder without special characters ends; may be empty. */
  static String folder(String pattern) {
    int special = 0;
    while (SPECIAL.indexOf(pattern.charAt(special)) < 0) {
      special++;
    }
    int slash = pattern.lastIndexOf('/', special);
    return slash < 0 ? "" : pattern.substring(0, Math.max(slash, 1));
  }

  /**
   * The files that match, sorted by path. Hidden names and names with an underscore in front match
   * only if the pattern says so.
   */
  static List<Path> files(Path base, String pattern) {
    // the walk starts at the last folder before the first special character
    String folder = folder(pattern);
    Path root = base.resolve(folder);
    String rest =
        pattern.substring(
            folder.equals("/") || folder.isEmpty() ? folder.length() : folder.length() + 1);
    PathMatcher matcher;
    PathMatcher flat;
    try {
      matcher = root.getFileSystem().getPathMatcher("glob:" + rest);
      // **/x also means x right here
      flat =
          rest.startsWith("**/")
              ? root.getFileSystem().getPathMatcher("glob:" + rest.substring(3))
              : matcher;
    } catch (PatternSyntaxException e) {
      throw PenstockException.incorrect(
          "bad-glob", pattern + ": is not a pattern of paths: " + e.getDescription());
    }
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    int depth =
        rest.contains("**")
            ? Integer.MAX_VALUE
            : (int) rest.chars().filter(c -> c == '/').count() + 1;
    try (Stream<Path> walk = Files.walk(root, depth, FileVisitOption.FOLLOW_LINKS)) {
      return walk.filter(p -> !p.equals(root))
          .filter(p -> shown(root.relativize(p), rest))
          .filter(p -> matcher.matches(root.relativize(p)) || flat.matches(root.relativize(p)))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw PenstockException.io(
          "unreadable", pattern + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  private static boolean shown(Path relative, String pattern) {
    for (Path part : relative) {
      String name = part.toString();
      boolean asked =
          pattern.startsWith(name.substring(0, 1)) || pattern.contains("/" + name.charAt(0));
      if (isHidden(name) && !asked) {
        return false;
      }
    }
    return true;
  }

  /** Names that a folder's files leave out: {@code .x}, {@code _SUCCESS}. */
  static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }
}
