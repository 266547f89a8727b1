package dev.penstock.sparql;

import dev.penstock.compiler.Engine;
import dev.penstock.sparql.store.TripleStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A store for a suite: in memory, or with {@code -Dpenstock.sparql.store=disk} in a folder. */
public final class StoreOfTests implements AutoCloseable {
  private final TripleStore store;
  private final Path folder;

  public StoreOfTests(Engine engine) {
    boolean disk = "disk".equals(System.getProperty("penstock.sparql.store"));
    try {
      folder = disk ? Files.createTempDirectory("penstock-triples") : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store = folder == null ? TripleStore.create(engine) : TripleStore.open(engine, folder);
  }

  public TripleStore store() {
    return store;
  }

  @Override
  public void close() {
    store.close();
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
