package dev.penstock.sql;

import java.nio.file.Path;
import java.util.List;

/**
 * Triples under a name of a catalog file: {@code FROM sparql('name', 'SELECT ...')}. Whoever knows
 * RDF opens them; nothing of it is known here.
 *
 * @param name in small letters
 * @param paths files of RDF, folders of such files, or the folder of one store on disk
 * @param place stands before messages about them: where they were named
 */
public record NamedTriples(String name, List<Path> paths, String place) {
  public NamedTriples {
    paths = List.copyOf(paths);
  }

  /** What the engine's register of languages calls queries over triples of this name. */
  public static String language(String name) {
    return "sparql of " + name;
  }
}
