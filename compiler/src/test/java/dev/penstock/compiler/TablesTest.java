package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
  @TempDir Path folder;

  private Path csv() throws IOException {
    Path file = Files.writeString(folder.resolve("x.csv"), "id,day,n\n1,2020-01-01,5\n2,,6\n");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000));
    return file;
  }

  @Test
  void queriesOfAnEngineShareWhatIsKnownOfAFile() throws IOException {
    csv();
    Tables tables =
        new Tables(
            new Catalog(),
            new Languages(),
            EngineOptions.defaults().withBaseDirectory(folder, false));
    Source one = (Source) tables.session().describe("x.csv", Map.of()).handle();
    assertSame(one, tables.session().describe("x.csv", Map.of()).handle());
  }

  @Test
  void keysInAPlanAreDeclaredToTheSource() throws IOException {
    csv();
    try (Engine engine = Engine.create(EngineOptions.defaults().withBaseDirectory(folder, false));
        Result result = engine.run("(table+ \"x.csv\" [n] {:keys [[id] [id day]]})")) {
      assertEquals(2, java.util.Objects.requireNonNull(result.next()).count());
    }
    Object options = PlanBridge.read("{:keys [[id] [id day]]}", "options");
    Tables tables =
        new Tables(
            new Catalog(),
            new Languages(),
            EngineOptions.defaults().withBaseDirectory(folder, false));
    assertEquals(
        List.of(List.of("id"), List.of("id", "day")),
        tables.session().describe("x.csv", PlanBridge.options(options)).statistics().keys());
  }

  @Test
  void aKeyOfAnUnknownColumnIsAnErrorAtItsPlace() throws IOException {
    csv();
    try (Engine engine = Engine.create(EngineOptions.defaults().withBaseDirectory(folder, false))) {
      PenstockException e =
          assertThrows(
              PenstockException.class, () -> engine.run("(table+ \"x.csv\" {:keys [[ident]]})"));
      assertEquals(
          "plan:1:1: x.csv: option :keys: unknown column ident (known: id day n)", e.getMessage());
    }
  }
}
