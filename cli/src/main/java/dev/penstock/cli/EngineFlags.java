package dev.penstock.cli;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QuerySnapshot;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.compiler.queries.SlowQueryLog;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** Options of the engine, the same for all commands, before or behind the name of the command. */
final class EngineFlags {
  @Option(
      scope = ScopeType.INHERIT,
      names = "--workers",
      paramLabel = "N",
      description = "Compute threads (default: all processors).")
  private @Nullable Integer workers;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--memory",
      paramLabel = "SIZE",
      converter = Size.class,
      description = "Memory of all queries, as 512MB or 4GB (default: three quarters of the heap).")
  private @Nullable Long memoryBytes;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--spill",
      paramLabel = "DIR",
      description =
          "Where rows go that do not fit into the memory; 'none': nowhere"
              + " (default: the system's temporary folder).")
  private @Nullable String spill;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--spill-quota",
      paramLabel = "SIZE",
      converter = Size.class,
      description = "At most so much lies on disk at once, as 20GB (default: no limit).")
  private @Nullable Long spillQuota;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--spill-overflow",
      paramLabel = "URL",
      description =
          "Where rows go beyond the quota: s3://bucket/prefix, with AWS_ACCESS_KEY_ID and the like"
              + " from the environment.")
  private @Nullable String spillOverflow;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where relative paths in a plan start (default: the working folder); or a file of RDF.")
  private @Nullable Path data;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--batch-rows",
      paramLabel = "N",
      description = "Rows of a batch (default: 2048).")
  private @Nullable Integer batchRows;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--slow",
      paramLabel = "SECONDS",
      description =
          "Of each query that takes so long a line on standard error when it ends, with its figures"
              + " and the hash of its plan (default: of none).")
  private @Nullable Double slow;

  /** Where slow queries are told of. */
  private @Nullable PrintStream err;

  /** Those that a command line has without the help of picocli. */
  static EngineFlags of(@Nullable Path data, @Nullable Integer workers) {
    EngineFlags flags = new EngineFlags();
    flags.data = data;
    flags.workers = workers;
    return flags;
  }

  EngineFlags telling(PrintStream to) {
    err = to;
    return this;
  }

  /** The folder of the data, if one was given. */
  @Nullable Path data() {
    return data;
  }

  /** A new engine with these options. */
  Engine open() {
    return open(data, options -> options);
  }

  /** The same for a command whose data is not a folder of tables. */
  Engine openWithoutData() {
    return open(null, options -> options);
  }

  /** The same, with what a command changes. */
  Engine open(UnaryOperator<EngineOptions> change) {
    return open(data, change);
  }

  private Engine open(@Nullable Path folder, UnaryOperator<EngineOptions> change) {
    EngineOptions options = EngineOptions.defaults();
    if (workers != null) {
      check(workers >= 1 && workers <= 1024, "--workers: expected 1 to 1024, got " + workers);
      options = options.withWorkers(workers);
    }
    if (memoryBytes != null) {
      options = options.withMemoryBytes(memoryBytes);
    }
    options = options.withSpillTo(spillTo(options.spillTo()));
    if (batchRows != null) {
      check(
          batchRows >= 1 && batchRows <= 65_536,
          "--batch-rows: expected 1 to 65536, got " + batchRows);
      options = options.withBatchRows(batchRows);
    }
    if (folder != null && !RdfData.isFile(folder)) {
      check(Files.isDirectory(folder), "--data: no such folder: " + folder);
      options = options.withBaseDirectory(folder, false);
    }
    if (slow != null) {
      check(slow > 0 && slow < 1e9, "--slow: expected seconds, more than 0, got " + slow);
      Duration time = Duration.ofNanos((long) (slow * 1e9));
      options = options.withLimits(options.limits().withSlow(time));
    }
    Engine engine = Engine.create(change.apply(options));
    if (slow != null) {
      engine.queries().addListener(this::tell);
    }
    if (folder != null) {
      RdfData.offer(engine, folder);
    }
    return engine;
  }

  private void tell(Query query, QueryState state) {
    PrintStream to = err;
    if (to != null && slow != null && state.isEnded()) {
      QuerySnapshot end = query.snapshot();
      if (end.elapsedNanos() >= slow * 1e9) {
        to.println("penstock: " + SlowQueryLog.line(end, query.planHash()));
        to.flush();
      }
    }
  }

  private EngineOptions.@Nullable SpillTo spillTo(EngineOptions.@Nullable SpillTo before) {
    if ("none".equals(spill)) {
      check(spillQuota == null, "--spill-quota: with --spill none nothing is spilled");
      check(spillOverflow == null, "--spill-overflow: with --spill none nothing is spilled");
      return null;
    }
    if (before == null) {
      throw new IllegalStateException("an engine spills unless it is told not to");
    }
    Path directory = spill == null ? before.directory() : Path.of(spill);
    check(
        !Files.exists(directory) || Files.isDirectory(directory),
        "--spill: not a folder: " + directory);
    return new EngineOptions.SpillTo(
        directory, spillQuota == null ? before.quotaBytes() : spillQuota, spillOverflow);
  }

  private static void check(boolean ok, String message) {
    if (!ok) {
      throw new WrongUsage(message);
    }
  }

  /** Bytes, with KB, MB, GB or TB (of 1024). */
  static final class Size implements ITypeConverter<Long> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s*([KMGT]?)I?B?");

    @Override
    public Long convert(String text) {
      Matcher m = TEXT.matcher(text.strip().toUpperCase(Locale.ROOT));
      if (!m.matches()) {
        throw new TypeConversionException("expected a size such as 512MB, got '" + text + "'");
      }
      int unit = m.group(2).isEmpty() ? 0 : "KMGT".indexOf(m.group(2)) + 1;
      try {
        return Math.multiplyExact(Long.parseLong(m.group(1)), 1L << 10 * unit);
      } catch (ArithmeticException e) {
        throw new TypeConversionException("expected a size below 8 EB, got '" + text + "'");
      }
    }
  }
}
