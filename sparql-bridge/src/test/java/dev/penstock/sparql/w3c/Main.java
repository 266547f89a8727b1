package dev.penstock.sparql.w3c;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Runs manifests by hand: {@code java ... dev.penstock.sparql.w3c.Main MANIFEST...}. */
final class Main {
  private Main() {}

  public static void main(String[] args) {
    try (Engine engine = Engine.create(EngineOptions.defaults())) {
      for (String manifest : args) {
        TreeMap<String, int[]> byFolder = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        Runner runner = new Runner(engine);
        List<Manifest.Case> cases = Manifest.read(Path.of(manifest));
        for (Manifest.Case test : cases) {
          String wrong = runner.run(test);
          int[] count = byFolder.computeIfAbsent(test.folder(), f -> new int[2]);
          count[wrong == null ? 0 : 1]++;
          if (wrong != null) {
            failures.add(test.folder() + " / " + test.name() + ": " + wrong);
          }
        }
        failures.forEach(System.out::println);
        byFolder.forEach((f, c) -> System.out.println(f + ": " + c[0] + " of " + (c[0] + c[1])));
        System.out.println(
            manifest + ": " + (cases.size() - failures.size()) + " of " + cases.size() + " pass");
      }
    }
  }
}
