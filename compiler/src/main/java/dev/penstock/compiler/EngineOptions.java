package dev.penstock.compiler;

import dev.penstock.compiler.queries.QueryLimits;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is set up.
 *
 * @param workers compute threads
 * @param memoryBytes the cap of everything that queries hold
 * @param spillTo where rows go that do not fit under the cap; null: nowhere, and what does not fit
 *     is an error
 * @param batchRows rows that operators aim at in a batch, 1 to 65,536
 * @param baseDirectory files named in plans are resolved against it
 * @param confined whether files are refused that statements and plans name and that lie outside of
 *     the base directory and the roots
 * @param runtimeFilters where build sides of joins tell scans of the probe side which keys they
 *     have
 * @param mergeScans which joins go along a source that lies in the order of their key
 * @param limits timeouts of queries, and how many are remembered
 * @param roots folders that count beside the base directory where files are confined
 */
public record EngineOptions(
    int workers,
    long memoryBytes,
    @Nullable SpillTo spillTo,
    int batchRows,
    Path baseDirectory,
    boolean confined,
    RuntimeFilters runtimeFilters,
    MergeScans mergeScans,
    QueryLimits limits,
    List<Path> roots) {

  /** Where runtime filters are placed; no choice changes a result. */
  public enum RuntimeFilters {
    /** Where they are likely to pay, by estimates. */
    LIKELY,
    /** Wherever they are right: for tests. */
    ALL,
    NONE
  }

  /** Where merge scans take the place of hash joins; no choice changes a result. */
  public enum MergeScans {
    /** Where they are likely to be faster, by estimates. */
    LIKELY,
    /** Wherever they are right: for tests. */
    ALL,
    NONE
  }

  /**
   * A place on disk.
   *
   * @param directory made when it is needed; a folder of this process is made in it
   * @param quotaBytes at most so much lies there at once
   * @param overflow {@code s3://bucket/prefix} of what goes beyond the quota (credentials and
   *     endpoint come from the environment); null: reaching the quota is an error
   */
  public record SpillTo(Path directory, long quotaBytes, @Nullable String overflow) {
    public SpillTo(Path directory, long quotaBytes) {
      this(directory, quotaBytes, null);
    }
  }

  /**
   * All processors, three quarters of the heap, the working directory, the system's temporary one.
   */
  public static EngineOptions defaults() {
    return new EngineOptions(
        Runtime.getRuntime().availableProcessors(),
        Runtime.getRuntime().maxMemory() / 4 * 3,
        new SpillTo(Path.of(System.getProperty("java.io.tmpdir")), Long.MAX_VALUE),
        2048,
        Path.of("").toAbsolutePath(),
        false,
        RuntimeFilters.LIKELY,
        MergeScans.LIKELY,
        QueryLimits.defaults(),
        List.of());
  }

  public EngineOptions withWorkers(int n) {
    return new EngineOptions(
        n,
        memoryBytes,
        spillTo,
        batchRows,
        baseDirectory,
        confined,
        runtimeFilters,
        mergeScans,
        limits,
        roots);
  }

  public EngineOptions withMemoryBytes(long bytes) {
    return new EngineOptions(
        workers,
        bytes,
        spillTo,
        batchRows,
        baseDirectory,
        confined,
        runtimeFilters,
        mergeScans,
        limits,
        roots);
  }

  public EngineOptions withSpillTo(@Nullable SpillTo place) {
    return new EngineOptions(
        workers,
        memoryBytes,
        place,
        batchRows,
        baseDirectory,
        confined,
        runtimeFilters,
        mergeScans,
        limits,
        roots);
  }

  public EngineOptions withBatchRows(int rows) {
    return new EngineOptions(
        workers,
        memoryBytes,
        spillTo,
        rows,
        baseDirectory,
        confined,
        runtimeFilters,
        mergeScans,
        limits,
        roots);
  }

  public EngineOptions withBaseDirectory(Path directory, boolean confine) {
    return new EngineOptions(
        workers,
        memoryBytes,
        spillTo,
        batchRows,
        directory.toAbsolutePath(),
        confine,
        runtimeFilters,
        mergeScans,
        limits,
        roots);
  }

  public EngineOptions withRuntimeFilters(RuntimeFilters where) {
    return new EngineOptions(
        workers,
        memoryBytes,
        spillTo,
        batchRows,
        baseDirectory,
        confined,
        where,
        mergeScans,
        limits,
        roots);
  }

  public EngineOptions withMergeScans(MergeScans where) {
    return new EngineOptions(
        workers,
        memoryBytes,
        spillTo,
        batchRows,
        baseDirectory,
        confined,
        runtimeFilters,
        where,
        limits,
        roots);
  }

  public EngineOptions withLimits(QueryLimits all) {
    return new EngineOptions(
        workers,
        memoryBytes,
        spillTo,
        batchRows,
        baseDirectory,
        confined,
        runtimeFilters,
        mergeScans,
        all,
        roots);
  }

  /** Confines files to the base directory and these folders. */
  public EngineOptions withRoots(List<Path> more) {
    return new EngineOptions(
        workers,
        memoryBytes,
        spillTo,
        batchRows,
        baseDirectory,
        true,
        runtimeFilters,
        mergeScans,
        limits,
        List.copyOf(more));
  }
}
