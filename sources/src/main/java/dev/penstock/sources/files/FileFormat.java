package dev.penstock.sources.files;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.Compression;
import dev.penstock.sources.text.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The file formats, by their endings. */
public enum FileFormat {
  CSV("csv", List.of(".csv", ".tsv", ".tbl")),
  JSON("json", List.of(".json", ".jsonl", ".ndjson")),
  PARQUET("parquet", List.of(".parquet"));

  private final String option;
  private final List<String> endings;

  FileFormat(String option, List<String> endings) {
    this.option = option;
    this.endings = endings;
  }

  /** The name in the option {@code :format}. */
  public String option() {
    return option;
  }

  /** By the ending of a file name, before .gz or .zst. */
  public static Optional<FileFormat> ofName(String fileName) {
    String whole = fileName.toLowerCase(Locale.ROOT);
    String unpacked = Compression.ofName(whole).strip(whole);
    for (FileFormat f : values()) {
      for (String ending : f.endings) {
        // parquet packs its own pages
        if ((f == PARQUET ? whole : unpacked).endsWith(ending)) {
          return Optional.of(f);
        }
      }
    }
    return Optional.empty();
  }

  /** By the option {@code :format}; text formats also by their endings (tsv, jsonl, ndjson). */
  public static FileFormat ofOption(String where, String format) {
    String wanted =
        (format.startsWith(":") ? format.substring(1) : format).toLowerCase(Locale.ROOT);
    for (FileFormat f : values()) {
      if (f.option.equals(wanted) || f.endings.contains("." + wanted)) {
        return f;
      }
    }
    List<String> known = Arrays.stream(values()).map(FileFormat::option).toList();
    throw PenstockException.incorrect(
        "unknown-format",
        where
            + ": unknown format "
            + wanted
            + Nearest.hint(wanted, known)
            + " (known: "
            + String.join(" ", known)
            + ")");
  }

  /** All endings, for messages. */
  static String allEndings() {
    StringBuilder out = new StringBuilder();
    for (FileFormat f : values()) {
      for (String ending : f.endings) {
        out.append(out.isEmpty() ? "" : " ").append(ending);
      }
    }
    return out.toString();
  }
}
