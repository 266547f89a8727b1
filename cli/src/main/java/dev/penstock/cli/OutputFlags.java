package dev.penstock.cli;

import java.nio.file.Path;
import java.util.Locale;
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
  private @Nullable String format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write to a file, which appears (or is replaced) when it is complete.")
  private @Nullable Path out;

  /** Rows to the standard output. */
  static OutputFlags of(@Nullable String format) {
    OutputFlags flags = new OutputFlags();
    flags.format = format;
    return flags;
  }

  boolean isGiven() {
    return format != null || out != null;
  }

  @Nullable Path out() {
    return out;
  }

  /** The format to write; wrong usage when there is no such format, or it needs a file. */
  Format format(Streams streams) {
    Format chosen = chosen(streams);
    if (chosen == Format.PARQUET && out == null) {
      throw new WrongUsage("--format parquet needs --out FILE");
    }
    return chosen;
  }

  private Format chosen(Streams streams) {
    if (format != null) {
      for (Format f : Format.values()) {
        if (f.name().equalsIgnoreCase(format)) {
          return f;
        }
      }
      throw new WrongUsage("--format: expected table, csv, json or parquet, got '" + format + "'");
    }
    if (out == null) {
      return streams.outIsTerminal() ? Format.TABLE : Format.CSV;
    }
    String name = out.toString().toLowerCase(Locale.ROOT).replaceAll("\\.(gz|zst)$", "");
    return name.endsWith(".parquet")
        ? Format.PARQUET
        : name.matches(".*\\.(json|jsonl|ndjson)") ? Format.JSON : Format.CSV;
  }
}
