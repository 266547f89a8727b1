package dev.penstock.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.CancellationToken.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Typing queries, running them, looking at their rows. */
final class WorkbenchTest {
  private static final String STATUS = ".status";
  private static final String ALERT = ".status [role=alert]";
  private static final String GRID = "document.querySelector('.grid')";

  private static Consoles console;
  private static Page page;

  @BeforeAll
  static void start() throws Exception {
    console = Consoles.open(null, "<http://x/a> <http://x/p> \"one\"@en, 2 .");
  }

  @AfterAll
  static void stop() throws Exception {
    if (console != null) {
      console.close();
    }
  }

  /** As it is when it is opened, but for the scripts, which are there already. */
  @BeforeEach
  void open() {
    if (page == null) {
      page = console.page("#/engine", "document.querySelector('h1')?.textContent === 'Engine'");
    }
    page.eval("location.hash = '#/engine'");
    page.awaitText("h1", "Engine");
    page.eval("sessionStorage.clear(); location.hash = '#/workbench'");
    page.await("document.querySelector('.CodeMirror-focused') !== null");
  }

  @AfterEach
  void nothingWentWrong() {
    assertEquals(List.of(), page.faults());
    console.engine().queries().running().forEach(q -> q.cancel(Reason.PERSON, "the test is over"));
  }

  /** As typed, and Ctrl Enter. */
  private void run(String text) {
    page.type(text).key("Enter", Page.CTRL);
  }

  private void language(String id) {
    page.eval(
        "(() => { const s = document.querySelector('[aria-label=Language]'); s.value = "
            + Page.quoted(id)
            + "; s.dispatchEvent(new Event('change')); document.querySelector('.CodeMirror')"
            + ".CodeMirror.focus(); })()");
  }

  private Query last() {
    List<Query> running = console.engine().queries().running();
    return running.isEmpty()
        ? console.engine().queries().history().get(0)
        : running.get(running.size() - 1);
  }

  @Test
  void rowsAreShownAsTheEngineHasThem() {
    run("SELECT 9007199254740993 AS big, 1.50 AS d, NULL AS x, 'a  b' AS t, '<b>' AS h");
    page.awaitText(STATUS, "1 row in").awaitText(".grid", "<b>"); // drawn with the next frame
    assertEquals(
        "9007199254740993|1.50|null|a  b|<b>",
        page.eval(
                "[...document.querySelectorAll('.grid [role=cell]')].map((c) =>"
                    + " c.textContent).join('|')")
            .asText());
    assertEquals(
        "bigint64|ddecimal(3,2)|xint32|tvarchar|hvarchar",
        page.eval(
                "[...document.querySelectorAll('.grid [role=columnheader]')].slice(1).map((c) =>"
                    + " c.textContent).join('|')")
            .asText());
  }

  @Test
  void aPlanIsRun() {
    language("plan");
    run("(filter+ (> Age 20) (table+ people))");
    page.awaitText(STATUS, "2 rows in").awaitText(".grid", "Cy");
    assertFalse(page.holds(Page.byText("button", "Explain")));
  }

  @Test
  void sparqlIsAsked() {
    language("sparql");
    run("SELECT ?o ?none { ?s ?p ?o FILTER isNumeric(?o) }");
    page.awaitText(STATUS, "1 row in").awaitText(".grid", "null");
    assertEquals(
        "2|null",
        page.eval(
                "[...document.querySelectorAll('.grid [role=cell]')].map((c) =>"
                    + " c.textContent).join('|')")
            .asText());
    page.eval("document.querySelector('.CodeMirror').CodeMirror.setValue('')");
    run("ASK { ?s ?p 2 }");
    page.awaitText(".grid", "true");
    page.eval("document.querySelector('.CodeMirror').CodeMirror.setValue('')");
    run("CONSTRUCT WHERE { ?s ?p 2 }");
    page.awaitText("pre.plain", "<http://x/a>");
    page.eval("document.querySelector('.CodeMirror').CodeMirror.setValue('')");
    run("SELECT ?o WHERE");
    page.awaitText(ALERT, "line 1");
  }

  @Test
  void aBadQueryIsToldInOneLineAndMarked() {
    run("SELECT Nam FROM people");
    page.awaitText(ALERT, "line 1, column 8: no column 'Nam' in people");
    assertEquals("Nam", page.text(".editor .wrong"));
    page.click("button", "Explain");
    page.awaitText(ALERT, "no column 'Nam' in people");
    page.eval("document.querySelector('.CodeMirror').CodeMirror.setValue('')");
    page.click("button", "Run").awaitText(ALERT, "There is nothing to run.");
  }

  @Test
  void aQueryTimesOut() {
    page.eval("document.querySelector('#timeout').value = '1'");
    run(Consoles.ENDLESS);
    page.awaitText(ALERT, "the query was stopped at its deadline, after 1s");
    assertEquals(QueryState.TIMED_OUT, last().state());
  }

  @Test
  void aQueryIsCancelled() {
    run(Consoles.ENDLESS);
    page.awaitText(STATUS, "running");
    page.click("button", "Cancel");
    page.awaitText(ALERT, "the query was cancelled by local");
    assertEquals(QueryState.CANCELLED, last().state());
  }

  @Test
  void aResultOfAnySizeIsScrolledInBoundedMemory() {
    run("SELECT x, x * x AS y FROM range(100000000) AS r (x)");
    page.awaitText(STATUS, "paused");
    Query query = last();
    assertEquals(QueryState.RUNNING, query.state());
    assertTrue(page.holds(GRID + ".querySelectorAll('[role=row]').length < 80"));
    long seen = 0;
    for (int i = 0; i < 30 && !page.text(".run").contains("are kept in this page"); i++) {
      seen = page.eval(GRID + ".scrollTop = " + GRID + ".scrollHeight").asLong();
      page.await(
          GRID
              + ".scrollTop + "
              + GRID
              + ".clientHeight < "
              + GRID
              + ".scrollHeight - 900"
              + " || document.querySelector('main').innerText.includes('are kept')");
    }
    assertTrue(seen > 0);
    page.awaitText("main", "are kept in this page, at most 100,000");
    assertTrue(
        page.holds("parseFloat(document.querySelector('.grid .tall').style.height) <= 2800000"));
    assertTrue(page.holds(GRID + ".querySelectorAll('[role=row]').length < 80"));
    assertTrue(console.engine().budget().usedBytes() < 100 << 20);
    page.click("button", "Cancel");
    page.awaitText(ALERT, "the query was cancelled by local");
    assertEquals(QueryState.CANCELLED, query.state());
  }

  @Test
  void leavingThePageStopsItsQuery() {
    run("FROM range(100000000)");
    page.awaitText(STATUS, "paused");
    Query query = last();
    page.click("nav a", "Engine").awaitText("h1", "Engine");
    page.await(
        "fetch('/v1/queries/" + query.id() + "').then((r) => r.json()).then((q) => q.ended)");
    assertEquals(QueryState.CANCELLED, query.state());
    page.click("nav a", "Workbench");
    page.awaitText(".editor", "FROM range(100000000)"); // what was typed is still there
  }

  @Test
  void wordsAreCompleted() {
    page.awaitText(".names", "people");
    page.type("SELECT Na").key(" ", Page.CTRL);
    page.awaitText(".CodeMirror-hints", "Name  varchar").key("Enter").type(" FROM pe");
    page.awaitText(".CodeMirror-hints", "people  table").key("Enter");
    page.await(
        "document.querySelector('.CodeMirror').CodeMirror.getValue() === 'SELECT Name FROM people'");
  }

  @Test
  void theTabKeyLeavesTheEditor() {
    page.type("FROM people").key("Tab");
    assertEquals("Run", page.eval("document.activeElement.textContent").asText());
    page.key("Enter").awaitText(STATUS, "3 rows in");
    assertEquals("FROM people", page.text(".CodeMirror-line"));
  }

  @Test
  void rowsAreDrawn() {
    run("SELECT Name, Age FROM people ORDER BY Name");
    page.awaitText(STATUS, "3 rows in").click("label", "Chart");
    page.await("document.querySelectorAll('.plot .bar-mark').length === 3");
    assertEquals(
        "Age by Name, 3 bars, from 0 to 45",
        page.eval("document.querySelector('.plot svg').getAttribute('aria-label')").asText());
  }

  @Test
  void aPlanIsExplainedAndAnalyzed() {
    page.type("SELECT Name FROM people WHERE Age > 20");
    page.click("button", "Explain").awaitText("pre.plain", "Rules:");
    page.click("button", "Analyze").awaitText("pre.plain", "scan people");
  }

  @Test
  void rowsAreDownloaded(@TempDir Path folder) throws Exception {
    ObjectNode where = Browser.MAPPER.createObjectNode();
    where.put("behavior", "allow").put("downloadPath", folder.toString());
    page.ask("Page.setDownloadBehavior", where);
    run("SELECT Name, Age FROM people ORDER BY Name");
    page.awaitText(STATUS, "3 rows in").click("button", "Download");
    page.awaitText("#announcer", "is downloaded");
    Path file = folder.resolve("query-" + last().id() + ".csv");
    page.await(
        "fetch('/v1/queries/" + last().id() + "').then((r) => r.json()).then((q) => q.ended)");
    for (int i = 0; i < 200 && !Files.exists(file); i++) {
      page.holds("new Promise((r) => setTimeout(() => r(true), 20))");
    }
    assertEquals("Name,Age\nAnn,31\nBo,19\nCy,45\n", Files.readString(file).replace("\r", ""));
  }
}
