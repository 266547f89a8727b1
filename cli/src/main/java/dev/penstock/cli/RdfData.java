package dev.penstock.cli;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.SparqlTables;
import dev.penstock.sparql.store.LoadOptions;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.NamedTriples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files of RDF among the data of a command. Their names are looked at without loading Jena. */
final class RdfData {
  private static final Pattern NAME =
      Pattern.compile("(?i).*\\.(ttl|nt|nq|n3|trig|rdf|owl|jsonld)(\\.gz)?");

  private RdfData() {}

  /** Is this one file of RDF, and no folder? */
  static boolean isFile(@Nullable Path data) {
    return data != null && isRdf(data);
  }

  private static boolean isRdf(Path file) {
    return NAME.matcher(String.valueOf(file.getFileName())).matches() && Files.isRegularFile(file);
  }

  /** The file itself, or those in a folder. */
  static List<Path> of(@Nullable Path data) {
    if (data == null || !Files.isDirectory(data)) {
      return isFile(data) ? List.of(data) : List.of();
    }
    try (Stream<Path> within = Files.list(data)) {
      return within.filter(RdfData::isRdf).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw PenstockException.io("rdf-read", "cannot read the folder " + data + ": " + e, e);
    }
  }

  /** Plans and statements may ask these data in SPARQL; they are loaded when the first one does. */
  static void offer(Engine engine, Path data) {
    SparqlTables.offer(
        engine.languages(),
        new Late(
            () -> {
              TripleStore made = load(engine, of(data));
              if (made == null) {
                throw PenstockException.incorrect(
                    "no-triples", "there are no files of RDF in " + data);
              }
              return made;
            }));
  }

  /**
   * Statements may ask the triples of a catalog file by their names; they are opened when the first
   * one does. Only ones, or those that are named {@code default}, are also asked without a name.
   *
   * @param hasOthers there are other triples that are asked without a name
   * @return those that are asked without a name; null: none
   */
  static @Nullable Supplier<TripleStore> offer(
      Engine engine, List<NamedTriples> named, boolean hasOthers) {
    Supplier<TripleStore> unnamed = null;
    for (NamedTriples one : named) {
      Supplier<TripleStore> store = new Late(() -> open(engine, one));
      SparqlTables.offer(engine.languages(), NamedTriples.language(one.name()), store);
      if (!hasOthers && (named.size() == 1 || one.name().equals("default"))) {
        unnamed = store;
        SparqlTables.offer(engine.languages(), store);
      }
    }
    return unnamed;
  }

  private static TripleStore open(Engine engine, NamedTriples named) {
    String what = named.place() + ": triples " + named.name() + ": ";
    List<Path> files = new ArrayList<>();
    for (Path path : named.paths()) {
      if (Files.isDirectory(path) && TripleStore.isStore(path)) {
        if (named.paths().size() > 1) {
          throw PenstockException.incorrect(
              "catalog-file", what + "a store on disk stands alone, got " + named.paths());
        }
        return TripleStore.open(engine, path);
      }
      if (!Files.exists(path)) {
        throw PenstockException.incorrect("catalog-file", what + path + ": no such file or folder");
      }
      List<Path> found = of(path);
      if (found.isEmpty()) {
        throw PenstockException.incorrect(
            "catalog-file",
            what
                + "expected a file of RDF, a folder of such files or a store on disk, got "
                + path);
      }
      files.addAll(found);
    }
    return loaded(engine, files);
  }

  /** Concurrency: made once, under the monitor. */
  private static final class Late implements Supplier<TripleStore> {
    private final Supplier<TripleStore> making;
    private @Nullable TripleStore store;

    Late(Supplier<TripleStore> making) {
      this.making = making;
    }

    @Override
    public synchronized TripleStore get() {
      TripleStore made = store;
      if (made == null) {
        store = made = making.get();
      }
      return made;
    }
  }

  /** A store with the triples of files; null when there are none. */
  static @Nullable TripleStore load(Engine engine, List<Path> files) {
    return files.isEmpty() ? null : loaded(engine, files);
  }

  private static TripleStore loaded(Engine engine, List<Path> files) {
    TripleStore store = TripleStore.create(engine);
    try {
      store.load(files, LoadOptions.defaults());
      return store;
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }
}
