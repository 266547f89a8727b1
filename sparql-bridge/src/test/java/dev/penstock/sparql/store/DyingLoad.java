package dev.penstock.sparql.store;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import java.nio.file.Path;
import java.util.List;

/** A process that dies in the middle of a load: arguments are the store, the file, the phase. */
final class DyingLoad {
  static final int CODE = 37;

  private DyingLoad() {}

  public static void main(String[] args) {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
        TripleStore store = TripleStore.open(engine, Path.of(args[0]))) {
      LoadProgress.Phase last = LoadProgress.Phase.valueOf(args[2]);
      store.load(
          List.of(Path.of(args[1])),
          LoadOptions.defaults()
              .withProgress(
                  p -> {
                    if (p.phase() == last && p.triples() > 0) {
                      Runtime.getRuntime().halt(CODE); // nothing is closed, as by kill -9
                    }
                  }));
    }
  }
}
