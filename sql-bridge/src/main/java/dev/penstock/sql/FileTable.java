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

  public FileTable(Engine engine, String path, Map<String, Object> options) {
    this(engine, path, options, "");
  }

  /**
   * @param path of a file, a glob or a folder; relative ones start at the engine's base directory
   * @param options as {@code table+} takes them
   * @param place stands before messages about the files: where they were named, or empty
   */
  public FileTable(Engine engine, String path, Map<String, Object> options, String place) {
    this.engine = engine;
    this.path = path;
    this.options = Map.copyOf(options);
    this.place = place;
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
      return engine.table(path, options);
    } catch (PenstockException e) {
      throw place.isEmpty()
          ? e
          : new PenstockException(e.category(), e.code(), place + ": " + e.getMessage(), e);
    }
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
