package dev.penstock.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.server.access.Role;
import dev.penstock.server.access.Tokens;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of queries and of the engine, and what they do about them. */
final class ConsoleTest {
  private static final String QUERIES = "document.querySelector('h1')?.textContent === 'Queries'";
  private static final String READY = "document.querySelector('.empty, tbody tr') !== null";

  private static Consoles console;
  private final List<Page> pages = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    console = Consoles.open(null, null);
  }

  @AfterAll
  static void stop() throws Exception {
    if (console != null) {
      console.close();
    }
  }

  private Page open(String hash, String until) {
    Page page = console.page(hash, until);
    pages.add(page);
    return page;
  }

  /** No page has a defect, and none asks anybody else. */
  @AfterEach
  void nothingWentWrong() {
    for (Page page : pages) {
      assertEquals(List.of(), page.faults());
      for (String address : page.requests()) {
        assertTrue(
            address.startsWith(console.server().address().toString())
                || address.startsWith("blob:" + console.server().address()),
            address);
      }
      page.close();
    }
    console.engine().queries().running().forEach(q -> q.cancel(Reason.PERSON, "the test is over"));
  }

  private static void awaitEnd(Page page, Query query, QueryState state) {
    page.await(
        "fetch('/v1/queries/"
            + query.id()
            + "').then((r) => r.json()).then((q) => q.ended !== null)");
    assertEquals(state, query.state());
  }

  @Test
  void aQueryIsWatchedAndCancelled() {
    Query query = console.submit(Consoles.ENDLESS);
    Page page = open("#/queries", QUERIES);
    page.awaitText("tbody", "running").awaitText("tbody", "ann");
    assertTrue(page.holds("document.querySelector('tbody [role=progressbar]') !== null"));
    String age = "document.querySelector('td[data-label=Age]').textContent";
    String before = page.eval(age).asText();
    page.await(age + " !== " + Page.quoted(before)); // it lives
    page.click("button", "Cancel query " + query.id());
    page.awaitText("dialog", "Cancel query " + query.id() + "?").awaitText("dialog", "SELECT");
    page.click("dialog button", "Back");
    page.await("!document.querySelector('dialog')");
    assertEquals(QueryState.RUNNING, query.state());
    page.click("button", "Cancel query " + query.id());
    page.click("dialog button", "Cancel the query");
    page.awaitText("#announcer", "Query " + query.id() + " is being cancelled.");
    awaitEnd(page, query, QueryState.CANCELLED);
    page.awaitText("main", "the query was cancelled by local");
    page.click("label", "With errors");
    page.await("document.querySelectorAll('tbody tr').length > 0");
    page.eval("document.querySelector('#filter').focus()");
    page.type("no such text");
    page.awaitText("main", "No ended query fits the filter");
  }

  @Test
  void aDeadlineIsExtended() {
    Query query = console.submit(Consoles.ENDLESS);
    Page page = open("#/queries", QUERIES);
    page.click("button", "Extend the deadline of query " + query.id());
    page.click("dialog label", "1 hour from now").click("dialog button", "Set the deadline");
    page.awaitText("main", "Query " + query.id() + " has another deadline.");
    Instant deadline = query.deadline();
    assertNotNull(deadline);
    Duration left = Duration.between(Instant.now(), deadline);
    assertTrue(left.toMinutes() >= 58 && left.toMinutes() < 60, left.toString());
    page.awaitText("td[data-label='Deadline in']", "59 min");
  }

  @Test
  void aRunningQueryShowsItsGraphItsPlanAndWhatIsSlow() {
    Query query = console.submit(Consoles.ENDLESS);
    Page page = open("#/queries/" + query.id(), "document.querySelector('.graph svg')");
    int nodes = query.graph().nodes().size();
    page.await("document.querySelectorAll('.graph .node').length === " + nodes);
    page.await("document.querySelector('.graph .node.hot')");
    page.awaitText(".glance", "Busiest:");
    assertTrue(page.text(".glance").contains("probe"), page.text(".glance"));
    page.await("document.querySelector('.graph svg').textContent.includes('rows/s')");
    page.awaitText("main", "Rules that fired");
    assertTrue(page.text(".plans").contains("(join+"), page.text(".plans"));
    assertTrue(
        page.eval("document.querySelector('.graph svg').getAttribute('aria-label')")
            .asText()
            .startsWith("Graph of " + nodes + " nodes"));
    // a sample each second
    page.await("document.querySelectorAll('.chart .line').length > 1");
    page.click("summary", "The graph as tables");
    page.awaitText("details table", "Permits");
    page.click("button", "Cancel").click("dialog button", "Cancel the query");
    awaitEnd(page, query, QueryState.CANCELLED);
    page.awaitText(".head", "cancelled").awaitText(".operators", "scan people");
    assertFalse(page.holds(Page.byText("button", "Cancel")));
  }

  @Test
  void theEngineShowsWhoHoldsWhat() {
    Query query = console.submit(Consoles.ENDLESS);
    Page page = open("#/engine", "document.querySelectorAll('.chart').length === 4");
    page.awaitText(".holders", "Query " + query.id()).awaitText("main", "of 200 MB");
    page.awaitText("main", "people").awaitText("main", "3 columns");
    page.await("document.querySelectorAll('.chart .line').length >= 5");
  }

  @Test
  void allCanBeDoneByKeyboard() {
    Query query = console.submit(Consoles.ENDLESS);
    Page page = open("#/queries", QUERIES);
    page.awaitText("tbody", "running");
    page.key("Tab");
    assertEquals("Skip to content", page.eval("document.activeElement.textContent").asText());
    page.key("Enter");
    assertEquals("content", page.eval("document.activeElement.id").asText());
    String cancel = "Cancel query " + query.id();
    for (int i = 0;
        !page.holds("document.activeElement.ariaLabel === " + Page.quoted(cancel));
        i++) {
      assertTrue(i < 12, "the button is not reached");
      page.key("Tab");
    }
    page.key("Enter").await("document.querySelector('dialog[open]')");
    page.key("Escape").await("!document.querySelector('dialog')");
    assertEquals(cancel, page.eval("document.activeElement.ariaLabel").asText());
    page.key("Enter").await("document.querySelector('dialog[open]')");
    page.key("Tab").key("Enter"); // past Back
    awaitEnd(page, query, QueryState.CANCELLED);
  }

  @Test
  void pagesFollowTheRulesOfAccessibilityInLightAndDark() throws Exception {
    String axe;
    try (InputStream in =
        getClass().getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
      axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Query query = console.submit(Consoles.ENDLESS);
    for (String hash : List.of("#/queries", "#/queries/" + query.id(), "#/engine", "#/workbench")) {
      Page page = open(hash, READY);
      page.await("document.querySelector('tbody tr, .CodeMirror, .graph svg')");
      page.eval(axe + ";0");
      for (String colours : List.of("light", "dark")) {
        page.colours(colours);
        JsonNode found =
            page.eval(
                "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then((r) =>"
                    + " r.passes.length < 10 ? ['not run'] : r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html + ' ' +"
                    + " n.failureSummary).join(' | ')))");
        assertEquals(
            List.of(),
            StreamSupport.stream(found.spliterator(), false).map(JsonNode::asText).toList(),
            hash + " " + colours);
      }
    }
  }

  @Test
  void aPhoneNeedsNotScrollSideways() {
    Query query = console.submit(Consoles.ENDLESS);
    for (String hash : List.of("#/queries", "#/queries/" + query.id(), "#/engine", "#/workbench")) {
      Page page = open("#/queries", QUERIES).size(360, 740, true);
      page.eval("location.hash = " + Page.quoted(hash));
      page.await("document.querySelector('tbody tr, .CodeMirror, .graph svg')");
      assertEquals(360, page.eval("document.documentElement.scrollWidth").asInt(), hash);
    }
  }

  @Test
  void coloursAreChosenAndKept() {
    Page page = open("#/queries", QUERIES).colours("light");
    String ground = "getComputedStyle(document.body).backgroundColor";
    String light = page.eval(ground).asText();
    page.eval("theme.value = 'dark'; theme.dispatchEvent(new Event('change'))");
    assertFalse(page.eval(ground).asText().equals(light));
    Page next = open("#/engine", READY).colours("light");
    assertEquals(page.eval(ground), next.eval(ground));
    next.eval("theme.value = 'auto'; theme.dispatchEvent(new Event('change'))");
    assertEquals(light, next.eval(ground).asText());
  }

  @Test
  void whereTokensAreAskedForOneSignsIn(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("tokens");
    Files.writeString(file, Tokens.line("ann", Role.SUBMIT, "the-token"));
    try (Consoles closed = Consoles.open(Tokens.read(file), null);
        Page page = closed.page("#/queries", "document.querySelector('dialog[open]')")) {
      page.type("wrong").key("Enter").awaitText("dialog", "This token is not known here.");
      page.type("the-token").key("Enter").awaitText("#who", "ann (submit)");
      page.awaitText("main", "No query runs");
      assertEquals("", page.eval("document.cookie").asText());
      assertEquals("{}", page.eval("JSON.stringify(localStorage)").asText());
      page.click("button", "Sign out").await("document.querySelector('dialog[open]')");
      assertFalse(page.holds("sessionStorage.getItem('penstock.token')"));
      assertEquals(List.of(), page.faults());
    }
  }
}
