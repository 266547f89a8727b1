package dev.penstock.compiler;

import java.nio.file.Path;

/**
 * How an engine is set up.
 *
 * @param workers compute threads
 * @param memoryBytes the cap of everything that queries hold
 * @param batchRows rows that operators aim at in a batch, 1 to 65,536
 * @param baseDirectory files named in plans are resolved against it
 * @param confined whether files outside the base directory are refused
 * @param runtimeFilters where build sides of joins tell scans of the probe side which keys they
 *     have
 */
public record EngineOptions(
    int workers,
    long memoryBytes,
    int batchRows,
    Path baseDirectory,
    boolean confined,
    RuntimeFilters runtimeFilters) {

  /** Where runtime filters are placed; no choice changes a result. */
  public enum RuntimeFilters {
    /** Where they are likely to pay, by estimates. */
    LIKELY,
    /** Wherever they are right: for tests. */
    ALL,
    NONE
  }

  /** All processors, three quarters of the heap, the working directory. */
  public static EngineOptions defaults() {
    return new EngineOptions(
        Runtime.getRuntime().availableProcessors(),
        Runtime.getRuntime().maxMemory() / 4 * 3,
        2048,
        Path.of("").toAbsolutePath(),
        false,
        RuntimeFilters.LIKELY);
  }

  public EngineOptions withWorkers(int n) {
    return new EngineOptions(n, memoryBytes, batchRows, baseDirectory, confined, runtimeFilters);
  }

  public EngineOptions withMemoryBytes(long bytes) {
    return new EngineOptions(workers, bytes, batchRows, baseDirectory, confined, runtimeFilters);
  }

  public EngineOptions withBatchRows(int rows) {
    return new EngineOptions(workers, memoryBytes, rows, baseDirectory, confined, runtimeFilters);
  }

  public EngineOptions withBaseDirectory(Path directory, boolean confine) {
    return new EngineOptions(
        workers, memoryBytes, batchRows, directory.toAbsolutePath(), confine, runtimeFilters);
  }

  public EngineOptions withRuntimeFilters(RuntimeFilters where) {
    return new EngineOptions(workers, memoryBytes, batchRows, baseDirectory, confined, where);
  }
}
