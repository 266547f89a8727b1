package dev.penstock.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where rows go, and how they are written. */
final class OutputFlags {
  /** The formats of results. */
  enum Format {
    TABLE,
    CSV,
    JSON,
    PARQUET
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "table, csv, json (one object a line) or parquet (with --out); default: by the ending of"
              + " --out, table on a terminal, else csv.")
  @Nullable Format format;

  @Option(names = "--out", paramLabel = "FILE", description = "Write to a file, which appears when it is complete.")
  @Nullable Path out;

  /** The format to write. */
  Format format() {
    if (format != null) {
      return format;
    }
    if (out != null) {
      String name = String.valueOf(out.getFileName());
      return name.endsWith(".parquet")
          ? Format.PARQUET
          : name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".ndjson")
              ? Format.JSON
              : Format.CSV;
    }
    return System.console() != null && System.getenv("TERM") != null ? Format.TABLE : Format.CSV;
  }
}
