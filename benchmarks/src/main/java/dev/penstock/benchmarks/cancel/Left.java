package dev.penstock.benchmarks.cancel;

import dev.penstock.compiler.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What an engine without queries holds.
 *
 * @param descriptors open files of the process, those of the scans of files included; -1 where it
 *     cannot be told
 * @param threads of Penstock that are not of its pools
 */
record Left(long bytes, long spilled, long files, long descriptors, long threads, long queries) {

  static Left of(Engine engine, Path spill) throws IOException {
    return new Left(
        engine.budget().usedBytes(),
        engine.spilled().heldBytes(),
        count(spill, true),
        Files.isDirectory(Path.of("/proc/self/fd")) ? count(Path.of("/proc/self/fd"), false) : -1,
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(n -> n.startsWith("penstock") || n.startsWith("sql-planner"))
            .filter(n -> !n.startsWith("penstock-worker") && !n.startsWith("penstock-io"))
            .count(),
        engine.queries().running().size());
  }

  private static long count(Path folder, boolean deep) throws IOException {
    try (Stream<Path> all = deep ? Files.walk(folder) : Files.list(folder)) {
      return all.count();
    }
  }

  /** Descriptors come and go with the JVM's own work: a few more are none that were left. */
  boolean isClean(Left before) {
    return bytes == before.bytes
        && spilled == before.spilled
        && files <= before.files
        && descriptors <= before.descriptors + 8
        && threads <= before.threads
        && queries == 0;
  }

  String since(Left before) {
    return (bytes - before.bytes)
        + " bytes of budgets, "
        + (spilled - before.spilled)
        + " spilled bytes, "
        + (files - before.files)
        + " spill files, "
        + (descriptors - before.descriptors)
        + " descriptors, "
        + (threads - before.threads)
        + " threads, "
        + queries
        + " queries";
  }
}
