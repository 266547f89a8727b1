package dev.penstock.sparql.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.monitor.PenstockException;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.Test;

final class MemoryStoreTest extends StoreContract {
  @Override
  TripleStore made(Engine of) {
    return TripleStore.create(of);
  }

  @Override
  TripleStore later(TripleStore now) {
    return now;
  }

  @Test
  void aCapThatIsTooSmallForTheTriplesIsSaid() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("<http://x/s")
          .append(i)
          .append("> <http://x/p> <http://x/o")
          .append(i)
          .append("> .\n");
    }
    try (Engine small = Engine.create(EngineOptions.defaults().withMemoryBytes(1 << 20));
        TripleStore little = TripleStore.create(small)) {
      PenstockException e =
          assertThrows(PenstockException.class, () -> little.load(text.toString(), Lang.NTRIPLES));
      assertEquals(PenstockException.Category.LIMIT, e.category());
      assertTrue(e.getMessage().startsWith("the triples do not fit into memory ("), e.getMessage());
      assertTrue(
          e.getMessage().endsWith("); raise the memory cap, or load them into a store on disk"),
          e.getMessage());
      assertEquals(0, little.state().size());
      assertTrue(small.budget().usedBytes() < 1000, () -> small.budget().usedBytes() + " bytes");
    }
  }
}
