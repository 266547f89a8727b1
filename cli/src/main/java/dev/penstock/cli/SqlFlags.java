package dev.penstock.cli;

import dev.penstock.compiler.Engine;
import dev.penstock.sql.CatalogFile;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.NamedTriples;
import dev.penstock.sql.SqlSession;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a session in SQL knows: the catalog, values of parameters. */
final class SqlFlags {
  @Option(
      names = "--catalog",
      paramLabel = "FILE",
      description = "A catalog file (EDN) that names tables, views, triples and settings.")
  private @Nullable Path catalog;

  @Option(
      names = "--param",
      paramLabel = "VALUE",
      description =
          "The value of the next ? of the statements: a number, true, false, null, or a text ('7' in"
              + " single quotes is a text, too). Repeat it for each.")
  private List<String> params = new ArrayList<>();

  /** A session over the tables of the data folder (if one is given) and of the catalog file. */
  SqlSession open(Engine engine, EngineFlags flags) {
    SqlSession session = new SqlSession(engine);
    Path data = flags.data();
    if (catalog != null) {
      List<NamedTriples> triples = CatalogFile.load(catalog, session);
      RdfData.offer(engine, triples, !RdfData.of(data).isEmpty());
    }
    if (data != null && !RdfData.isFile(data)) {
      DataFolder.addTo(engine, data);
    }
    return session;
  }

  /** The values, in order. */
  List<@Nullable Object> parameters() {
    List<@Nullable Object> out = new ArrayList<>();
    for (String p : params) {
      out.add(value(p));
    }
    return out;
  }

  private static @Nullable Object value(String text) {
    if (text.length() > 1 && text.startsWith("'") && text.endsWith("'")) {
      return text.substring(1, text.length() - 1);
    }
    if (text.matches("[+-]?\\d{1,18}")) {
      return Long.valueOf(text);
    }
    if (text.matches("[+-]?(\\d+\\.\\d*|\\.\\d+|\\d+)")) {
      return new BigDecimal(text);
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "null" -> null;
      case "true" -> true;
      case "false" -> false;
      default -> text;
    };
  }
}
