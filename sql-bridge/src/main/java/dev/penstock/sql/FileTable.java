package dev.penstock.sql;

import dev.penstock.batch.Schema;
import dev.penstock.compiler.Engine;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.LiveSource;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import java.util.Map;

/**
 * Files under a name of the catalog. They are looked at when a query names the table, and each
 * query sees the files that are there by then. Immutable; thread-safe.
 */
public final class FileTable implements LiveSource {
  private final Engine engine;
  private final String path;
  private final Map<String, Object> options;
  private final String place;
  private final boolean anywhere;

  public FileTable(Engine engine, String path, Map<String, Object> options) {
    this(engine, path, options, "", false);
  }

  /**
   * Files that a catalog file names: a confined engine reads them, too.
   *
   * @param place stands before messages about the files: where they were named, or empty
   */
  static FileTable ofCatalog(
      Engine engine, String path, Map<String, Object> options, String place) {
    return new FileTable(engine, path, options, place, true);
  }

  /**
   * @param path of a file, a glob or a folder; relative ones start at the engine's base directory
   * @param options as {@code table+} takes them
   * @param anywhere whether they may lie outside of where an engine is confined to
   */
  private FileTable(
      Engine engine, String path, Map<String, Object> options, String place, boolean anywhere) {
    this.engine = engine;
    this.path = path;
    this.options = Map.copyOf(options);
    this.place = place;
    this.anywhere = anywhere;
  }

  public String path() {
    return path;
  }

  public Map<String, Object> options() {
    return options;
  }

  @Override
  public Source snapshot() {
    try {
      return anywhere ? opened() : engine.table(path, options);
    } catch (PenstockException e) {
      throw place.isEmpty()
          ? e
          : new PenstockException(e.category(), e.code(), place + ": " + e.getMessage(), e);
    }
  }

  /** What the catalog file names may also be generated: tpch/lineitem. */
  private Source opened() {
    return path.startsWith("tpch/") ? engine.table(path, options) : engine.files(path, options);
  }

  @Override
  public Schema schema() {
    return snapshot().schema();
  }

  @Override
  public long rowCount() {
    return snapshot().rowCount();
  }

  @Override
  public Statistics statistics() {
    return snapshot().statistics();
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    return snapshot().open(request, query);
  }
}
