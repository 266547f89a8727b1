package dev.penstock.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Static pages below {@code /console/}: what is packaged in the folder {@code console} beside this
 * class. They hold no data, and need no token; what they show, they ask for as any client does.
 */
final class Pages {
  static final String PREFIX = "/console/";

  /** Names without anything that a path could climb by. */
  private static final Pattern NAME = Pattern.compile("([\\w-]+/)*[\\w-]+(\\.[\\w-]+)+");

  /** Nothing is loaded from elsewhere, asked elsewhere or run from within a page. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "woff2", "font/woff2");

  private Pages() {}

  static void addTo(RoutesConfig routes) {
    // the way in: who types the address of the server wants to see something
    Routes.look(routes, "/", ctx -> ctx.redirect(PREFIX));
    Routes.look(routes, PREFIX, ctx -> send(ctx, "index.html"));
    Routes.look(routes, PREFIX + "<page>", ctx -> send(ctx, ctx.pathParam("page")));
  }

  private static void send(Context ctx, String page) throws IOException {
    String type = TYPES.get(page.substring(page.lastIndexOf('.') + 1));
    try (InputStream in =
        type != null && NAME.matcher(page).matches()
            ? Pages.class.getResourceAsStream("console/" + page)
            : null) {
      if (in == null) {
        throw Refusal.of(404, "not-found", "there is no page " + page);
      }
      ctx.header("Cache-Control", "no-cache");
      ctx.header("Content-Security-Policy", POLICY);
      ctx.status(200).contentType(String.valueOf(type)).result(in.readAllBytes());
    }
  }
}
