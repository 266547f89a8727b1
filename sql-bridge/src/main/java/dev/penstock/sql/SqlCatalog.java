package dev.penstock.sql;

import clojure.lang.Symbol;
import dev.penstock.batch.Field;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Prepared;
import dev.penstock.nodes.Source;
import dev.penstock.sources.memory.BatchSource;
import dev.penstock.sources.memory.ColumnTable;
import dev.penstock.sql.calcite.Parameters;
import dev.penstock.sql.calcite.Tables;
import dev.penstock.sql.text.Constants;
import dev.penstock.sql.text.Macro;
import dev.penstock.sql.text.TableFunction;
import dev.penstock.sql.text.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What FROM may name: the engine's tables, views, files, and table functions. Names do not tell
 * case apart. Thread-safe.
 */
public final class SqlCatalog implements Tables {
  /** Names that mean this catalog. */
  private static final Set<String> SCHEMAS = Set.of("main", "temp", "public");

  /** Joins of tables of so many rows do not take longer than planning, in whatever order. */
  private static final long SMALL_ROWS = 50_000;

  private final Engine engine;
  private final ConcurrentSkipListMap<String, String> views =
      new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);

  /** By name in lower case. */
  private final ConcurrentSkipListMap<String, Macro> macros = new ConcurrentSkipListMap<>();

  private final ConcurrentSkipListSet<String> schemas =
      new ConcurrentSkipListSet<>(String.CASE_INSENSITIVE_ORDER);

  private final ConcurrentSkipListMap<String, Map<String, List<Token>>> defaults =
      new ConcurrentSkipListMap<>();
  private final Keys keys = new Keys();
  private final ReadWriteLock changes = new ReentrantReadWriteLock();
  private final AtomicLong viewChanges = new AtomicLong();
  private final PlanCache plans;

  public SqlCatalog(Engine engine) {
    this.engine = engine;
    this.plans = new PlanCache(engine);
  }

  /** Plans of queries over this catalog. */
  public PlanCache plans() {
    return plans;
  }

  /** Another number after every change of what names mean. */
  long version() {
    return engine.catalog().version() + viewChanges.get();
  }

  /** Expressions of DEFAULT: by table, by column. */
  public Map<String, Map<String, List<Token>>> defaults() {
    return defaults;
  }

  /** Indexes by name, and the keys of tables. */
  public Keys keys() {
    return keys;
  }

  /**
   * Who adds rows to tables holds the read lock, who replaces the rows of a table the write lock:
   * so that no added row is lost.
   */
  public ReadWriteLock changes() {
    return changes;
  }

  /** Files as a table, with options of {@code table+}. */
  public Found file(String path, Map<String, Object> options) {
    return new Found(
        path, path, TableFunctions.data(options), fields(engine.table(path, options)), null);
  }

  /** The macro of a name, or null. */
  public @Nullable Macro macro(String name) {
    return macros.get(name.toLowerCase(Locale.ROOT));
  }

  /** Adds or replaces a macro. */
  public void macro(Macro macro) {
    macros.put(macro.name().toLowerCase(Locale.ROOT), macro);
    viewChanges.incrementAndGet();
  }

  /** Drops a macro; returns whether there was one. */
  public boolean dropMacro(String name) {
    viewChanges.incrementAndGet();
    return macros.remove(name.toLowerCase(Locale.ROOT)) != null;
  }

  /** Adds a schema. */
  public void schema(String name) {
    schemas.add(name);
  }

  /** Drops a schema and nothing in it; returns whether it could be dropped. */
  public boolean dropSchema(String name) {
    schemas.remove(name);
    return !SCHEMAS.contains(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public List<Token> expanded(List<Token> tokens) {
    return Macro.expanded(tokens, macros);
  }

  /** Adds or replaces a view. */
  public void view(String name, String query) {
    views.put(name, query);
    viewChanges.incrementAndGet();
  }

  /** Drops a view; returns whether there was one. */
  public boolean dropView(String name) {
    boolean was = views.remove(name) != null;
    viewChanges.incrementAndGet();
    return was;
  }

  /** The query of a view, or null. */
  public @Nullable String view(String name) {
    return views.get(name);
  }

  /** Columns of a table of the engine. */
  List<Field> columns(String table) {
    return fields(engine.table(table));
  }

  /** Names of schemas that were made, sorted. */
  List<String> schemas() {
    return List.copyOf(schemas);
  }

  /** Names of views, sorted. */
  public List<String> views() {
    return List.copyOf(views.keySet());
  }

  /** The engine's name of a table, whatever case it was written in; null if there is none. */
  public @Nullable String tableName(String name) {
    if (engine.catalog().get(name) != null) {
      return name;
    }
    return engine.catalog().names().stream()
        .filter(n -> n.equalsIgnoreCase(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * The plan of a query, perhaps one that was made before.
   *
   * @param query the query and nothing else
   * @param plan makes the plan of tokens, as plan data
   * @param prepare prepares a plan on the engine
   */
  public Prepared prepared(
      Statement query,
      List<@Nullable Object> parameters,
      Settings settings,
      BiFunction<List<Token>, Parameters, Object> plan,
      Function<Object, Prepared> prepare) {
    Constants constants = parameters.isEmpty() ? Constants.of(query.text(), query.tokens()) : null;
    if (constants != null && areInMemory(constants.tables())) {
      Prepared prepared =
          plans.freed(
              constants.shape(),
              new ArrayList<>(constants.values()),
              settings,
              version(),
              given -> plan.apply(constants.tokens(), given),
              prepare);
      if (prepared != null) {
        return prepared;
      }
    }
    return plans.get(
        query.written(),
        parameters,
        settings,
        version(),
        given -> plan.apply(query.tokens(), given),
        prepare);
  }

  /**
   * Are they tables in memory, and if there are several, small ones? Joins of large tables, and
   * scans of files, shall go by the constants of a query.
   */
  private boolean areInMemory(List<String> names) {
    for (String name : names) {
      String table = views.get(name) == null ? tableName(name) : null;
      Source source = table == null ? null : engine.catalog().get(table);
      boolean inMemory = source instanceof ColumnTable || source instanceof BatchSource;
      if (source == null || !inMemory || names.size() > 1 && source.rowCount() > SMALL_ROWS) {
        return false;
      }
    }
    return !names.isEmpty();
  }

  @Override
  public @Nullable Found find(List<String> path) {
    if (path.size() == 2 && path.get(0).equalsIgnoreCase(InformationSchema.NAME)) {
      return new InformationSchema(this).find(path.get(1));
    }
    String name = localName(path);
    String view = views.get(name);
    if (view != null) {
      return new Found(name, name, null, List.of(), view);
    }
    String table = tableName(name);
    if (table != null) {
      return new Found(table, Symbol.intern(null, table), null, fields(engine.table(table)), null);
    }
    if (path.size() > 1) {
      return null;
    }
    TableFunction function = TableFunction.parse(name);
    if (function != null && function.name().equals("pragma_table_info")) {
      return new InformationSchema(this).info(TableFunctions.text(function, 0, "a table's name"));
    }
    if (function != null) {
      return TableFunctions.find(engine, name, function);
    }
    return isFile(name) ? new Found(name, name, null, fields(engine.table(name)), null) : null;
  }

  static List<Field> fields(Source source) {
    return source.schema().fields();
  }

  private static String localName(List<String> path) {
    if (path.size() == 2 && SCHEMAS.contains(path.get(0).toLowerCase(Locale.ROOT))) {
      return path.get(1);
    }
    return String.join(".", path);
  }

  /** Is it a path, a glob or an address rather than a name? */
  private static boolean isFile(String name) {
    return name.indexOf('.') >= 0 || name.indexOf('/') >= 0 || name.indexOf('*') >= 0;
  }

  @Override
  public boolean isSchema(String name) {
    return SCHEMAS.contains(name.toLowerCase(Locale.ROOT))
        || name.equalsIgnoreCase(InformationSchema.NAME)
        || schemas.contains(name)
        || names().stream()
            .anyMatch(n -> n.regionMatches(true, 0, name + ".", 0, name.length() + 1));
  }

  @Override
  public Set<String> names() {
    Set<String> names = new TreeSet<>(engine.catalog().names());
    names.addAll(views.keySet());
    return names;
  }
}
