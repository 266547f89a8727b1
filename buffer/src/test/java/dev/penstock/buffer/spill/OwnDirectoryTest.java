package dev.penstock.buffer.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.CancellationToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes side by side on one directory, and one that is killed. */
final class OwnDirectoryTest {
  @TempDir Path parent;

  /** Writes and reads until its input ends; says how far it is. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws IOException {
      long[] values = new Random(3).longs(20_000).toArray();
      Batch batch = Batch.of(20_000, new LongColumn(DataType.INT64, values, null, 20_000));
      DirectorySpill space = new DirectorySpill(Path.of(args[0]), 1L << 32);
      SpillFile file = space.create("child", new CancellationToken());
      for (int i = 0; System.in.available() == 0; i++) {
        file.write(batch);
        RandomBatches.assertSame(batch.slice(0, 50), file.read(i / 2).slice(0, 50));
        System.out.println(i);
        if (file.sizeBytes() > 1L << 28) {
          file.close();
          file = space.create("child", new CancellationToken());
          i = -1;
        }
      }
      space.close();
    }
  }

  private Process start() throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                parent.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return child;
  }

  private static void awaitLines(Process child, int lines) throws IOException {
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII));
    for (int i = 0; i < lines; i++) {
      assertTrue(out.readLine() != null, "the child has ended");
    }
    Thread drain =
        new Thread(
            () -> {
              try (out) {
                while (out.readLine() != null) {
                  Thread.onSpinWait();
                }
              } catch (IOException closed) {
                assertTrue(!child.isAlive() || closed.getMessage() != null);
              }
            });
    drain.setDaemon(true);
    drain.start();
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.walk(parent)) {
      return files.filter(p -> !p.equals(parent)).toList();
    }
  }

  @Test
  void aLiveOnesFilesStayAndADeadOnesGo() throws Exception {
    Process killed = start();
    Process other = start();
    try {
      awaitLines(killed, 40);
      awaitLines(other, 40);
      String mine = "-" + killed.pid() + "-";
      assertTrue(left().stream().anyMatch(p -> p.toString().contains(mine)));
      new DirectorySpill(parent, 1L << 30).close();
      assertTrue(left().stream().anyMatch(p -> p.toString().contains(mine)), "it is alive");
      killed.destroyForcibly();
      assertTrue(killed.waitFor(20, TimeUnit.SECONDS));
      assertTrue(left().stream().anyMatch(p -> p.toString().contains(mine)), "killed in a write");
      DirectorySpill space = new DirectorySpill(parent, 1L << 30);
      assertEquals(
          List.of(),
          left().stream().filter(p -> p.toString().contains(mine)).toList(),
          "removed at the next start");
      try (SpillFile file = space.create("own", new CancellationToken())) {
        Batch batch = new RandomBatches(3).next(1000);
        file.write(batch);
        file.seal();
        RandomBatches.assertSame(batch, file.read(0));
        new DirectorySpill(parent, 1L << 30).close();
        RandomBatches.assertSame(batch, file.read(0));
      }
      space.close();
      assertTrue(other.isAlive());
      other.getOutputStream().write('\n');
      other.getOutputStream().close();
      assertTrue(other.waitFor(20, TimeUnit.SECONDS));
      assertEquals(0, other.exitValue(), "it was not disturbed");
      assertEquals(List.of(), left());
    } finally {
      killed.destroyForcibly();
      other.destroyForcibly();
    }
  }

  @Test
  void theLockFileNamesTheOwner() throws Exception {
    try (OwnDirectory own = OwnDirectory.create(parent)) {
      Path lock = own.path().resolveSibling(own.path().getFileName() + ".lock");
      assertEquals("pid " + ProcessHandle.current().pid() + "\n", Files.readString(lock));
    }
    assertEquals(List.of(), left());
  }

  @Test
  void aDeadProcessWithOurPid() throws Exception {
    String name = "penstock-spill-" + ProcessHandle.current().pid() + "-17-abc";
    Files.createDirectory(parent.resolve(name));
    Files.createFile(parent.resolve(name).resolve("sort-1"));
    Files.createFile(parent.resolve(name + ".lock"));
    assertEquals(List.of(name), OwnDirectory.sweep(parent));
    assertEquals(List.of(), left());
  }

  /** Many files at once where there is direct memory for few stages. */
  static final class Narrow {
    private Narrow() {}

    public static void main(String[] args) {
      Batch batch = new RandomBatches(7).next(20_000);
      try (DirectorySpill space = new DirectorySpill(Path.of(args[0]), 1L << 32)) {
        List<SpillFile> files = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          files.add(space.create("narrow", new CancellationToken()));
        }
        for (int round = 0; round < 5; round++) {
          for (SpillFile file : files) {
            RandomBatches.assertSame(batch, file.read(file.write(batch)));
          }
        }
      }
      System.out.println("done");
    }
  }

  @Test
  void littleDirectMemory() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:MaxDirectMemorySize=4m",
                "-cp",
                System.getProperty("java.class.path"),
                Narrow.class.getName(),
                parent.toString())
            .redirectErrorStream(true)
            .start();
    String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(child.waitFor(30, TimeUnit.SECONDS));
    assertEquals("done", out.strip());
    assertEquals(List.of(), left());
  }
}
