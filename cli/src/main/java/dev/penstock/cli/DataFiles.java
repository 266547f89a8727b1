package dev.penstock.cli;

import dev.penstock.compiler.Engine;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jline.reader.Candidate;

/** Completes names of files of the data folder. */
final class DataFiles {
  private static final int MAX_FILES = 500;

  private DataFiles() {}

  /**
   * @param quote what follows the name of a file
   */
  static void candidates(Engine engine, String typed, String quote, List<Candidate> out) {
    int slash = typed.lastIndexOf('/');
    String folder = typed.substring(0, slash + 1);
    int count = 0;
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(engine.options().baseDirectory().resolve(folder))) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        boolean hidden = name.startsWith(".") && !typed.startsWith(".", slash + 1);
        if (!hidden && ++count <= MAX_FILES) {
          boolean isFolder = Files.isDirectory(entry);
          out.add(
              new Candidate(
                  folder + name + (isFolder ? "/" : quote), name, null, null, null, null, false));
        }
      }
    } catch (IOException | InvalidPathException e) {
      // no such folder: nothing to offer
      out.clear();
    }
  }
}
