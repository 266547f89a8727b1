package dev.penstock.cli;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.SparqlTables;
import dev.penstock.sparql.store.LoadOptions;
import dev.penstock.sparql.store.TripleStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    SparqlTables.offer(engine.languages(), new Late(engine, data));
  }

  /** Concurrency: made once, under the monitor. */
  private static final class Late implements Supplier<TripleStore> {
    private final Engine engine;
    private final Path data;
    private @Nullable TripleStore store;

    Late(Engine engine, Path data) {
      this.engine = engine;
      this.data = data;
    }

    @Override
    public synchronized TripleStore get() {
      TripleStore made = store;
      if (made == null) {
        made = load(engine, of(data));
        if (made == null) {
          throw PenstockException.incorrect("no-triples", "there are no files of RDF in " + data);
        }
        store = made;
      }
      return made;
    }
  }

  /** A store with the triples of files; null when there are none. */
  static @Nullable TripleStore load(Engine engine, List<Path> files) {
    if (files.isEmpty()) {
      return null;
    }
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
