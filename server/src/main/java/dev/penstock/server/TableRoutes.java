package dev.penstock.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.batch.Field;
import dev.penstock.compiler.Engine;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.server.access.Role;
import dev.penstock.sql.SqlCatalog;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** {@code /v1/tables}: what has a name. */
final class TableRoutes {
  /** Of more tables a list tells no columns. */
  private static final int MOST_DESCRIBED = 500;

  private final Engine engine;
  private final SqlCatalog catalog;

  TableRoutes(Engine engine, SqlCatalog catalog) {
    this.engine = engine;
    this.catalog = catalog;
  }

  void addTo(RoutesConfig routes) {
    Routes.look(routes, "/v1/tables", this::list);
    Routes.look(routes, "/v1/tables/{name}", this::show);
  }

  private void list(Context ctx) {
    Routes.caller(ctx).needs(Role.READ, "listing tables");
    ObjectNode out = Json.object();
    ArrayNode tables = out.putArray("tables");
    boolean columns = "true".equals(ctx.queryParam("columns"));
    for (String name : engine.catalog().names()) {
      ObjectNode table = tables.addObject().put("name", name).put("kind", "table");
      Source source =
          columns && tables.size() <= MOST_DESCRIBED ? engine.catalog().get(name) : null;
      if (source != null) {
        try {
          describe(source, table);
        } catch (PenstockException e) {
          table.set("error", Problem.of(e).node());
        }
      }
    }
    catalog.views().forEach(n -> tables.addObject().put("name", n).put("kind", "view"));
    Routes.send(ctx, 200, out);
  }

  /** Reads as much of it as tells its columns. */
  private static void describe(Source source, ObjectNode table) {
    long rows = source.rowCount();
    ArrayNode columns = Json.object().arrayNode();
    for (Field f : source.schema().fields()) {
      columns
          .addObject()
          .put("name", f.name())
          .put("type", f.type().toString())
          .put("nullable", f.nullable());
    }
    table.put("rows", rows < 0 ? null : (Long) rows).set("columns", columns);
  }

  private void show(Context ctx) {
    Routes.caller(ctx).needs(Role.READ, "describing a table");
    String name = ctx.pathParam("name");
    String view = catalog.view(name);
    if (view != null) {
      Routes.send(ctx, 200, Json.object().put("name", name).put("kind", "view").put("query", view));
      return;
    }
    Source source = engine.catalog().get(name);
    if (source == null) {
      throw Refusal.of(404, "no-such-table", "there is no table " + name);
    }
    ObjectNode table = Json.object().put("name", name).put("kind", "table");
    describe(source, table);
    Routes.send(ctx, 200, table);
  }
}
