package dev.penstock.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.batch.Field;
import dev.penstock.compiler.Engine;
import dev.penstock.nodes.Source;
import dev.penstock.server.access.Role;
import dev.penstock.sql.SqlCatalog;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** {@code /v1/tables}: what has a name. */
final class TableRoutes {
  private final Engine engine;
  private final SqlCatalog catalog;

  TableRoutes(Engine engine, SqlCatalog catalog) {
    this.engine = engine;
    this.catalog = catalog;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/v1/tables", this::list);
    routes.get("/v1/tables/{name}", this::show);
  }

  private void list(Context ctx) {
    Routes.caller(ctx).needs(Role.READ, "listing tables");
    ObjectNode out = Json.object();
    ArrayNode tables = out.putArray("tables");
    engine.catalog().names().forEach(n -> tables.addObject().put("name", n).put("kind", "table"));
    catalog.views().forEach(n -> tables.addObject().put("name", n).put("kind", "view"));
    Routes.send(ctx, 200, out);
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
    long rows = source.rowCount();
    table.put("rows", rows < 0 ? null : (Long) rows);
    ArrayNode columns = table.putArray("columns");
    for (Field f : source.schema().fields()) {
      columns
          .addObject()
          .put("name", f.name())
          .put("type", f.type().toString())
          .put("nullable", f.nullable());
    }
    Routes.send(ctx, 200, table);
  }
}
