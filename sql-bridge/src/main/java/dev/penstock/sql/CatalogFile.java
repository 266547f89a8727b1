package dev.penstock.sql;

import clojure.lang.Keyword;
import clojure.lang.Named;
import clojure.lang.Symbol;
import dev.penstock.compiler.Edn;
import dev.penstock.compiler.Engine;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.text.Nearest;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file that names tables, views and settings. It is EDN, and read as data, never evaluated:
 *
 * <pre>
 * {:tables   {orders   "data/orders/*.parquet"
 *             people   {:path "people.csv" :delimiter ";" :keys [[id]]}
 *             lineitem {:path tpch/lineitem :sf 0.01}}
 *  :views    {adults   "SELECT * FROM people WHERE age &gt; 20"}
 *  :triples  {facts    "facts.store"
 *             rest     ["a.ttl" "b.nt.gz"]}
 *  :settings {integer_division true}}
 * </pre>
 *
 * <p>Paths start at the folder of the file. Files are opened when a query names their table, or
 * their triples.
 */
public final class CatalogFile {
  private static final List<String> KEYS = List.of("tables", "views", "triples", "settings");
  private static final int MAX_BYTES = 1 << 20;

  private final String source;
  private final Path folder;
  private final SqlSession session;
  private final List<NamedTriples> triples = new ArrayList<>();

  private CatalogFile(Path file, SqlSession session) {
    this.source = file.toString().replace('\\', '/');
    Path parent = file.toAbsolutePath().normalize().getParent();
    this.folder = parent == null ? Path.of("").toAbsolutePath() : parent;
    this.session = session;
  }

  /**
   * Adds what the file names; names that are there already are replaced. Blocking.
   *
   * @return what it says of triples, for a program that knows them
   */
  public static List<NamedTriples> load(Path file, SqlSession session) {
    CatalogFile f = new CatalogFile(file, session);
    Object form = Edn.read(f.text(file), f.source);
    if (!(form instanceof Map<?, ?> all)) {
      throw f.wrong(form, "expected a map like {:tables {people \"people.csv\"}}, got " + form);
    }
    for (Map.Entry<?, ?> e : all.entrySet()) {
      String key = e.getKey() instanceof Keyword k ? k.getName() : String.valueOf(e.getKey());
      if (!(e.getKey() instanceof Keyword) || !KEYS.contains(key)) {
        throw f.wrong(
            e.getKey() instanceof Symbol ? e.getKey() : form,
            "unknown key "
                + e.getKey()
                + Nearest.hint(key, KEYS)
                + " (there are :tables, :views, :triples, :settings)");
      }
      if (!(e.getValue() instanceof Map<?, ?> entries)) {
        throw f.wrong(form, ":" + key + " expects a map, got " + shown(e.getValue()));
      }
      entries.forEach((name, value) -> f.entry(key, entries, name, value));
    }
    f.triples.sort(Comparator.comparing(NamedTriples::name)); // a map has no order
    return List.copyOf(f.triples);
  }

  private String text(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw PenstockException.incorrect(
            "catalog-file", source + ": a folder; expected a catalog file");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw PenstockException.limit(
            "catalog-file", source + ": a catalog file has at most 1 MiB, this one is longer");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw PenstockException.io("catalog-file", source + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw PenstockException.io("catalog-file", source + ": expected UTF-8, got other bytes", e);
    } catch (IOException e) {
      throw PenstockException.io("catalog-file", source + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private void entry(String key, Map<?, ?> all, @Nullable Object name, @Nullable Object value) {
    String text = name instanceof Named n ? name(n) : name instanceof String s ? s : "";
    if (text.isEmpty()) {
      throw wrong(all, "expected a name in :" + key + ", got " + shown(name));
    }
    Object place = Edn.place(name).isEmpty() ? all : name;
    switch (key) {
      case "tables" -> table(text, place, value);
      case "views" -> {
        if (!(value instanceof String query)) {
          throw wrong(place, "view " + text + ": expected a query in quotes, got " + shown(value));
        }
        session.catalog().view(text, query);
      }
      case "triples" -> triples(text, place, value);
      default -> {
        try {
          session.settings().set(text, value == null ? null : value.toString());
        } catch (PenstockException e) {
          throw wrong(place, String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private static String name(Named n) {
    return n.getNamespace() == null ? n.getName() : n.getNamespace() + "/" + n.getName();
  }

  private void table(String name, @Nullable Object place, @Nullable Object value) {
    Object path = value;
    Map<String, Object> options = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      path = map.get(Keyword.intern("path"));
      options.putAll(Edn.options(map));
      options.remove("path");
    }
    Engine engine = session.engine();
    String opened;
    if (path instanceof String text) {
      opened = resolved(engine, text);
    } else if (path instanceof Symbol generated) {
      opened = generated.toString();
    } else {
      throw wrong(
          place, "table " + name + ": expected a path, or a map with :path, got " + shown(value));
    }
    engine.catalog().replace(name, FileTable.ofCatalog(engine, opened, options, Edn.place(place)));
  }

  private void triples(String name, @Nullable Object place, @Nullable Object value) {
    List<Path> paths = new ArrayList<>();
    for (Object one :
        value instanceof List<?> several ? several : Collections.singletonList(value)) {
      if (!(one instanceof String path)) {
        throw wrong(
            place, "triples " + name + ": expected a path, or [path ...], got " + shown(value));
      }
      paths.add(folder.resolve(path).normalize());
    }
    if (paths.isEmpty()) {
      throw wrong(place, "triples " + name + ": expected a path, or [path ...], got []");
    }
    triples.add(new NamedTriples(name.toLowerCase(Locale.ROOT), paths, Edn.place(place)));
  }

  /** A path that may be a glob, seen from the engine's base directory. */
  private String resolved(Engine engine, String text) {
    if (text.startsWith("/") || text.contains(":")) {
      return text;
    }
    Path base = engine.options().baseDirectory().toAbsolutePath().normalize();
    String from = folder.equals(base) ? "" : DataFolder.path(engine, folder) + "/";
    return from + (text.startsWith("./") ? text.substring(2) : text);
  }

  private static String shown(@Nullable Object value) {
    return value instanceof String s ? '"' + s + '"' : value == null ? "nil" : value.toString();
  }

  private PenstockException wrong(@Nullable Object form, String message) {
    String place = Edn.place(form);
    return PenstockException.incorrect(
        "catalog-file", (place.isEmpty() ? source : place) + ": " + message);
  }
}
