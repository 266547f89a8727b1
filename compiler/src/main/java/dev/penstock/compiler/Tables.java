package dev.penstock.compiler;

import clojure.lang.Keyword;
import clojure.lang.Symbol;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sources.files.FileAppends;
import dev.penstock.sources.files.FileTables;
import dev.penstock.sources.files.FileWrites;
import dev.penstock.sources.tpch.TpchSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** From what a plan writes in {@code table+} to a source: catalog names, the tpch tables, files. */
final class Tables {
  /** What is kept of files may take this part of the engine's memory, beside its budget. */
  private static final int KEPT_SHARE = 16;

  static final String TPCH = "tpch/";

  private final Catalog catalog;
  private final Languages languages;
  private final FileTables files;
  private final FileTables anyFiles;
  private final FileWrites writes;
  private final FileAppends appends;

  Tables(Catalog catalog, Languages languages, EngineOptions options) {
    this.catalog = catalog;
    this.languages = languages;
    Path base = options.baseDirectory();
    List<Path> roots = null;
    if (options.confined()) {
      roots = new ArrayList<>(options.roots());
      roots.add(base);
    }
    long kept = options.memoryBytes() / KEPT_SHARE;
    this.anyFiles = FileTables.at(base).keeping(kept);
    this.files = roots == null ? anyFiles : FileTables.confinedTo(base, roots).keeping(kept);
    this.writes = new FileWrites(base, roots);
    this.appends = new FileAppends(files, writes);
  }

  FileWrites writes() {
    return writes;
  }

  FileAppends appends() {
    return appends;
  }

  /** Files that the host program names: they may lie anywhere. */
  Source openAny(String path, Map<String, Object> tableOptions) {
    return anyFiles.table(path, tableOptions);
  }

  Source open(Object ref, Map<String, Object> tableOptions) {
    if (ref instanceof Symbol || ref instanceof Keyword) {
      return named(Engine.tableName(ref), tableOptions);
    }
    String text = String.valueOf(ref);
    Source source = catalog.get(text);
    return source != null && tableOptions.isEmpty() ? source : files.table(text, tableOptions);
  }

  private Source named(String name, Map<String, Object> tableOptions) {
    Source source = catalog.get(name);
    if (source != null) {
      if (!tableOptions.isEmpty()) {
        if (source instanceof Source.WithOptions w) {
          return w.with(tableOptions);
        }
        throw PenstockException.incorrect(
            "table-options", "table " + name + " takes no options; it was set up by the catalog");
      }
      return source;
    }
    if (name.startsWith(TPCH)) {
      return TpchSource.of(name.substring(TPCH.length()), tableOptions);
    }
    List<String> known = catalog.names();
    throw PenstockException.incorrect(
        "unknown-table",
        "unknown table "
            + name
            + (known.isEmpty()
                ? "; the catalog is empty: write a file as a string, (table+ \"" + name + ".csv\")"
                : "; the catalog has " + String.join(", ", known)));
  }

  /** Are the tables still as they were? Blocking: it looks at files. */
  boolean areLike(List<TableState> states) {
    for (TableState then : states) {
      try {
        if (!then.isLike(
            TableState.of(then.ref(), then.options(), open(then.ref(), then.options())))) {
          return false;
        }
      } catch (PenstockException e) {
        return false; // who prepares the plan anew gets the error, with its place
      }
    }
    return true;
  }

  Session session() {
    return new Session();
  }

  /** One preparation: the same table is opened once, and seen in one state. */
  final class Session implements PlanBridge.Describer {
    private record Key(Object ref, Map<String, Object> options) {}

    private final Map<Key, PlanBridge.Described> seen = new HashMap<>();
    private final List<TableState> states = new ArrayList<>();

    /** All tables that were described, as they were. */
    List<TableState> states() {
      return List.copyOf(states);
    }

    @Override
    public PlanBridge.Described describe(Object ref, Map<String, Object> tableOptions) {
      return seen.computeIfAbsent(
          new Key(ref, tableOptions),
          key -> {
            Source source = open(ref, tableOptions);
            states.add(TableState.of(ref, tableOptions, source));
            return new PlanBridge.Described(source.schema(), source.statistics(), source);
          });
    }

    @Override
    public Object subplan(String language, String text) {
      return languages.part(language, text).form();
    }
  }
}
