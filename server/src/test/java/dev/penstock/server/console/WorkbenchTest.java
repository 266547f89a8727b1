package dev.penstock.server.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryState;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Typing queries, running them, looking at their rows. */
final class WorkbenchTest {
  private static final String GRID = "document.querySelector('.grid')";
  private static final String MORE =
      GRID + ".scrollTop + " + GRID + ".clientHeight < " + GRID + ".scrollHeight - 900";

  private static Chromium browser;
  private static Consoles console;
  private static Tab tab;
  private static Page page;

  @BeforeAll
  static void start() {
    browser = Chromium.start();
    console = Consoles.open(null, "<http://x/a> <http://x/p> \"one\"@en, 2 .");
    tab = browser.open();
    page = tab.page();
    console.show(tab, "#/engine", "Engine");
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
      console.close();
    }
  }

  /** As it is when it is opened, but for the scripts, which are there already. */
  @BeforeEach
  void open() {
    console.show(tab, "#/engine", "Engine");
    page.evaluate("sessionStorage.clear()");
    console.show(tab, "#/workbench", "Workbench");
    page.locator(".CodeMirror-focused").waitFor();
  }

  @AfterEach
  void nothingWentWrong() {
    console.cancelAll();
    tab.assertNothingWentWrong(console.server().address().toString());
  }

  private static Locator status() {
    return page.locator(".status");
  }

  private static Locator alert() {
    return status().getByRole(AriaRole.ALERT);
  }

  private static Locator grid() {
    return page.locator(".grid");
  }

  private static Locator cells() {
    return grid().getByRole(AriaRole.CELL);
  }

  /** In place of what the editor has, and Ctrl Enter. */
  private void run(String text) {
    write(text);
    page.keyboard().press("Control+Enter");
  }

  private void write(String text) {
    page.getByLabel("Text of the query").focus();
    page.keyboard().press("Control+a");
    page.keyboard().press("Delete");
    page.keyboard().insertText(text);
  }

  private Query last() {
    List<Query> running = console.engine().queries().running();
    return running.isEmpty()
        ? console.engine().queries().history().get(0)
        : running.get(running.size() - 1);
  }

  private void assertEnds(Query query, QueryState state) {
    page.waitForCondition(() -> query.snapshot().ended() != null);
    assertEquals(state, query.state());
  }

  @Test
  void rowsAreShownAsTheEngineHasThem() {
    run("SELECT 9007199254740993 AS big, 1.50 AS d, NULL AS x, 'a  b' AS t, '<b>' AS h");
    assertThat(status()).containsText("1 row in");
    assertThat(cells()).hasCount(5);
    assertEquals(
        List.of("9007199254740993", "1.50", "null", "a  b", "<b>"), cells().allTextContents());
    assertEquals(
        List.of("bigint64", "ddecimal(3,2)", "xint32", "tvarchar", "hvarchar"),
        grid().locator("[role=columnheader] ~ [role=columnheader]").allTextContents());
  }

  @Test
  void aPlanIsRun() {
    page.getByLabel("Language").selectOption("Plan");
    run("(filter+ (> Age 20) (table+ people))");
    assertThat(status()).containsText("2 rows in");
    assertThat(grid()).containsText("Cy");
    assertThat(tab.button("Explain")).hasCount(0);
  }

  @Test
  void sparqlIsAsked() {
    page.getByLabel("Language").selectOption("SPARQL");
    run("SELECT ?o ?none { ?s ?p ?o FILTER isNumeric(?o) }");
    assertThat(status()).containsText("1 row in");
    assertThat(cells()).hasText(new String[] {"2", "null"});
    run("ASK { ?s ?p 2 }");
    assertThat(grid()).containsText("true");
    run("CONSTRUCT WHERE { ?s ?p 2 }");
    assertThat(page.locator("pre.plain")).containsText("<http://x/a>");
    run("SELECT ?o WHERE");
    assertThat(alert()).containsText("line 1");
  }

  @Test
  void aBadQueryIsToldInOneLineAndMarked() {
    run("SELECT Nam FROM people");
    assertThat(alert()).containsText("line 1, column 8: no column 'Nam' in people");
    assertThat(page.locator(".editor .wrong")).hasText("Nam");
    tab.button("Explain").click();
    assertThat(alert()).containsText("no column 'Nam' in people");
    write("");
    tab.button("Run").click();
    assertThat(alert()).hasText("There is nothing to run.");
  }

  @Test
  void aQueryTimesOut() {
    page.getByLabel("Timeout").fill("1");
    run(Consoles.ENDLESS);
    assertThat(alert()).containsText("the query was stopped at its deadline, after 1s");
    assertEnds(last(), QueryState.TIMED_OUT);
  }

  @Test
  void aQueryMayHoldSoMuchMemory() {
    page.getByLabel("Memory").fill("1");
    run("SELECT list(x) FROM range(1000000) AS r (x)");
    assertThat(alert()).containsText("its own cap is 1000000; raise it");
    assertEquals(1_000_000, last().options().memoryBytes());
    page.getByLabel("Language").selectOption("SPARQL");
    assertThat(page.getByLabel("Memory")).isHidden();
  }

  @Test
  void aQueryIsCancelled() {
    run(Consoles.ENDLESS);
    assertThat(status()).containsText("running");
    tab.button("Cancel").click();
    assertThat(alert()).containsText("the query was cancelled by local");
    assertEnds(last(), QueryState.CANCELLED);
  }

  @Test
  void aResultOfAnySizeIsScrolledInBoundedMemory() {
    run("SELECT x, x * x AS y FROM range(100000000) AS r (x)");
    assertThat(status()).containsText("paused");
    Query query = last();
    assertEquals(QueryState.RUNNING, query.state());
    Locator rows = grid().getByRole(AriaRole.ROW);
    assertTrue(rows.count() < 80);
    Locator kept = page.getByText("are kept in this page, at most 100,000");
    for (int i = 0; i < 30 && kept.count() == 0; i++) {
      page.evaluate(GRID + ".scrollTop = " + GRID + ".scrollHeight");
      page.waitForCondition(() -> kept.count() > 0 || (Boolean) page.evaluate(MORE));
    }
    kept.waitFor();
    assertEquals(
        true,
        page.evaluate("parseFloat(document.querySelector('.grid .tall').style.height) <= 2800000"));
    assertTrue(rows.count() < 80);
    assertTrue(console.engine().budget().usedBytes() < 100 << 20);
    tab.button("Cancel").click();
    assertThat(alert()).containsText("the query was cancelled by local");
    assertEnds(query, QueryState.CANCELLED);
  }

  @Test
  void leavingThePageStopsItsQuery() {
    run("FROM range(100000000)");
    assertThat(status()).containsText("paused");
    Query query = last();
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Engine")).click();
    assertThat(page.locator("h1")).hasText("Engine");
    assertEnds(query, QueryState.CANCELLED);
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Workbench")).click();
    assertThat(page.locator(".CodeMirror-line")).hasText("FROM range(100000000)"); // still there
  }

  @Test
  void wordsAreCompleted() {
    assertThat(page.locator(".names")).containsText("people");
    page.keyboard().type("SELECT Na");
    page.keyboard().press("Control+Space");
    assertThat(page.locator(".CodeMirror-hints")).containsText("Name  varchar");
    page.keyboard().press("Enter");
    page.keyboard().type(" FROM pe");
    assertThat(page.locator(".CodeMirror-hints")).containsText("people  table");
    page.keyboard().press("Enter");
    assertThat(page.locator(".CodeMirror-line")).hasText("SELECT Name FROM people");
  }

  @Test
  void theTabKeyLeavesTheEditor() {
    page.keyboard().type("FROM people");
    page.keyboard().press("Tab");
    assertThat(tab.button("Run")).isFocused();
    page.keyboard().press("Enter");
    assertThat(status()).containsText("3 rows in");
    assertThat(page.locator(".CodeMirror-line")).hasText("FROM people");
  }

  @Test
  void rowsAreDrawn() {
    run("SELECT Name, Age FROM people ORDER BY Name");
    assertThat(status()).containsText("3 rows in");
    page.getByText("Chart").click();
    assertThat(page.locator(".plot .bar-mark")).hasCount(3);
    assertThat(page.locator(".plot svg"))
        .hasAttribute("aria-label", "Age by Name, 3 bars, from 0 to 45");
  }

  @Test
  void linesGoFromTheLeastToTheMost() {
    run(
        "SELECT * FROM (VALUES (DATE '2026-01-02', 1), (DATE '2026-01-01', 2), (DATE '2026-01-03',"
            + " 3), (DATE '2026-01-02', 4)) AS v(d, n)");
    assertThat(status()).containsText("4 rows in");
    page.getByText("Chart").click();
    assertThat(page.locator(".plot svg text").nth(3)).hasText("2026-01-01");
    assertThat(page.locator(".plot svg text").nth(4)).hasText("2026-01-03");
  }

  @Test
  void aPlanIsExplainedAndAnalyzed() {
    write("SELECT Name FROM people WHERE Age > 20");
    tab.button("Explain").click();
    assertThat(page.locator("pre.plain")).containsText("Rules:");
    tab.button("Analyze").click();
    assertThat(page.locator("pre.plain")).containsText("scan people");
  }

  @Test
  void rowsAreDownloaded() throws Exception {
    run("SELECT Name, Age FROM people ORDER BY Name");
    assertThat(status()).containsText("3 rows in");
    Download file = page.waitForDownload(() -> tab.button("Download").click());
    assertThat(page.locator("#announcer")).containsText("is downloaded");
    String text = Files.readString(file.path()); // waits for its end
    assertEquals("query-" + last().id() + ".csv", file.suggestedFilename());
    assertEquals("Name,Age\nAnn,31\nBo,19\nCy,45\n", text.replace("\r", ""));
  }
}
