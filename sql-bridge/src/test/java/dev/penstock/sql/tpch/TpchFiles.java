package dev.penstock.sql.tpch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Queries and answers of TPC-H, where they are. */
final class TpchFiles {
  static final double SCALE = 0.01;

  static final List<String> TABLES =
      List.of("lineitem", "orders", "customer", "part", "partsupp", "supplier", "nation", "region");

  private TpchFiles() {}

  /** The folder of queries; skips the test, loudly, when there is none. */
  static Path folder() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path folder = at.resolve("shared/tpch");
      if (Files.exists(folder.resolve("q01.sql"))) {
        return folder;
      }
    }
    String why =
        "SKIPPED: there is no folder shared/tpch beside the repository, with TPC-H's queries";
    System.err.println(why);
    Assumptions.abort(why);
    throw new IllegalStateException(why);
  }

  static String query(int number) {
    return query(number, SCALE);
  }

  static String query(int number, double scale) {
    String text = read(folder().resolve("q%02d.sql".formatted(number)));
    return text.replaceAll("@FRACTION@", BigDecimal.valueOf(0.0001 / scale).toPlainString());
  }

  /** The rows of an answer; fields as written. */
  static List<List<@Nullable String>> answer(int number) {
    String text = read(folder().resolve("answers/sf0.01/q%02d.csv".formatted(number)));
    List<List<@Nullable String>> rows = new ArrayList<>();
    List<@Nullable String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
          field.append(c);
          i++;
        } else {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
        wasQuoted = true;
      } else if (c == ',' || c == '\n') {
        row.add(field.isEmpty() && !wasQuoted ? null : field.toString());
        field.setLength(0);
        wasQuoted = false;
        if (c == '\n') {
          rows.add(row);
          row = new ArrayList<>();
        }
      } else {
        field.append(c);
      }
    }
    return rows;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
