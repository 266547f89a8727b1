package dev.penstock.server.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.server.Server;
import dev.penstock.server.ServerOptions;
import dev.penstock.sql.SqlCatalog;
import dev.penstock.sql.SqlSession;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes the pictures of the README, when {@code -Dpictures=FOLDER} asks for them. */
final class PicturesTest {
  private static final String SLOW =
      "SELECT Note, sum(Price) AS Spent, count(DISTINCT Name) AS Names\n"
          + "FROM orders JOIN customers USING (CustomerID)\n"
          + "WHERE Ordered > DATE '2020-03-01'\nGROUP BY Note\nORDER BY Spent DESC, Note";

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void picturesOfTheReadme(@TempDir Path folder) throws Exception {
    String wanted = System.getProperty("pictures");
    Assumptions.assumeTrue(wanted != null, "no pictures asked for");
    Path root = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));
    Path pictures = Files.createDirectories(root.resolve(wanted));
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(2)
            .withMemoryBytes(256L << 20)
            .withSpillTo(new EngineOptions.SpillTo(folder.resolve("spill"), 20L << 30))
            .withBaseDirectory(folder, false);
    try (Engine engine = Engine.create(options)) {
      SqlSession session = new SqlSession(engine);
      session.execute(copy("orders", 6_000_000, ORDERS)).close();
      session.execute(copy("customers", 5000, CUSTOMERS)).close();
      engine.catalog().add("orders", engine.table("orders.parquet"));
      engine.catalog().add("customers", engine.table("customers.parquet"));
      ServerOptions served = ServerOptions.defaults().withPort(0).withGrace(Duration.ZERO);
      try (Server server = Server.start(engine, new SqlCatalog(engine), served);
          Chromium browser = Chromium.start();
          Tab tab = browser.open()) {
        Page page = tab.page();
        URI queries = server.address().resolve("v1/queries");
        ask(queries, "", "SELECT City, count(*) AS Customers FROM customers GROUP BY City");
        ask(queries, "", "SELECT Nam FROM customers");
        ask(queries, "?timeoutSeconds=0.5", "SELECT count(*) FROM range(1000000000000)");
        ask(queries, "", "SELECT max(Price) AS Dearest FROM orders WHERE CustomerID = 17");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.navigate(server.address() + "console/");
        page.locator("tbody tr").first().waitFor();
        ask(
            queries,
            "?wait=false&priority=low&timeoutSeconds=3600",
            "SELECT a.City, b.City AS Other, count(*) AS Pairs FROM customers a, customers b,"
                + " customers c WHERE a.CustomerID < b.CustomerID GROUP BY 1, 2");
        ask(queries, "?wait=false&timeoutSeconds=600", SLOW);
        Query slow = engine.queries().running().get(1);
        page.waitForCondition(() -> slow.snapshot().spilledBytes() > 50_000_000);
        assertThat(page.locator("td[data-label=Spilled]").nth(1)).containsText("MB");
        picture(page, pictures.resolve("console-queries.png"));
        page.setViewportSize(1280, 1040);
        page.navigate(server.address() + "console/#/queries/" + slow.id());
        page.locator(".graph .node").nth(3).waitFor();
        assertThat(page.locator(".graph svg")).containsText("rows/s");
        picture(page, pictures.resolve("console-query.png"));
      }
    }
  }

  private static void picture(Page page, Path file) {
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
  }

  private static final String ORDERS =
      "x AS OrderID, x % 5000 AS CustomerID, CAST(x % 900 * 1.01 AS DECIMAL(15, 2)) AS Price,"
          + " DATE '2020-01-01' + x % 2000 AS Ordered, 'note number ' || x AS Note";

  private static final String CUSTOMERS =
      "x AS CustomerID, 'Customer ' || x AS Name, CASE x % 4 WHEN 0 THEN 'Lima' WHEN 1 THEN 'Oslo'"
          + " WHEN 2 THEN 'Accra' ELSE 'Osaka' END AS City";

  private static String copy(String table, int rows, String columns) {
    return "COPY (SELECT "
        + columns
        + " FROM generate_series(1, "
        + rows
        + ") AS r (x)) TO '"
        + table
        + ".parquet'";
  }

  private void ask(URI queries, String options, String sql) throws Exception {
    http.send(
        HttpRequest.newBuilder(URI.create(queries + options))
            .header("Content-Type", "application/sql")
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build(),
        HttpResponse.BodyHandlers.discarding());
  }
}
