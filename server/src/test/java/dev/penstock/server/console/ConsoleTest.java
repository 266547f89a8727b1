package dev.penstock.server.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryState;
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
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of queries and of the engine, and what they do about them. */
final class ConsoleTest {
  private static Chromium browser;
  private static Consoles console;
  private final List<Tab> tabs = new ArrayList<>();

  @BeforeAll
  static void start() {
    browser = Chromium.start();
    console = Consoles.open(null, null);
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
      console.close();
    }
  }

  private Tab open(String hash, String heading) {
    Tab tab = browser.open();
    tabs.add(tab);
    console.show(tab, hash, heading);
    return tab;
  }

  private static String pageOf(Query query) {
    return "#/queries/" + query.id();
  }

  /** No page has a defect, and none asks anybody else. */
  @AfterEach
  void nothingWentWrong() {
    console.cancelAll();
    for (Tab tab : tabs) {
      tab.assertNothingWentWrong(console.server().address().toString());
      tab.close();
    }
  }

  private static void assertEnds(Page page, Query query, QueryState state) {
    page.waitForCondition(() -> query.snapshot().ended() != null);
    assertEquals(state, query.state());
  }

  @Test
  void aQueryIsWatchedAndCancelled() {
    Query query = console.submit(Consoles.ENDLESS);
    Tab tab = open("#/queries", "Queries");
    Page page = tab.page();
    Locator row =
        page.getByRole(AriaRole.ROW)
            .filter(new Locator.FilterOptions().setHas(tab.button("Cancel query " + query.id())));
    assertThat(row).containsText("running");
    assertThat(row).containsText("ann");
    assertThat(row.getByRole(AriaRole.PROGRESSBAR)).isAttached();
    Locator age = row.locator("td[data-label=Age]");
    assertThat(age).not().hasText(age.textContent()); // it lives
    tab.button("Cancel query " + query.id()).click();
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    assertThat(dialog).containsText("Cancel query " + query.id() + "?");
    assertThat(dialog).containsText("SELECT");
    tab.button("Back").click();
    assertThat(dialog).hasCount(0);
    assertEquals(QueryState.RUNNING, query.state());
    tab.button("Cancel query " + query.id()).click();
    tab.button("Cancel the query").click();
    assertThat(page.locator("#announcer")).hasText("Query " + query.id() + " is being cancelled.");
    assertEnds(page, query, QueryState.CANCELLED);
    assertThat(page.locator("main")).containsText("the query was cancelled by local");
    page.getByText("With errors").click();
    assertThat(page.locator("tbody tr:visible")).not().hasCount(0);
    page.getByLabel("Filter queries").fill("no such text");
    assertThat(page.locator("main")).containsText("No ended query fits the filter");
  }

  @Test
  void aDeadlineIsExtended() {
    Query query = console.submit(Consoles.ENDLESS);
    Tab tab = open("#/queries", "Queries");
    tab.button("Extend the deadline of query " + query.id()).click();
    tab.page().getByLabel("1 hour from now").check();
    tab.button("Set the deadline").click();
    assertThat(tab.page().locator("main"))
        .containsText("Query " + query.id() + " has another deadline.");
    Instant deadline = query.deadline();
    assertNotNull(deadline);
    Duration left = Duration.between(Instant.now(), deadline);
    assertTrue(left.toMinutes() >= 58 && left.toMinutes() < 60, left.toString());
    assertThat(tab.page().locator("td[data-label='Deadline in']")).containsText("59 min");
  }

  @Test
  void aRunningQueryShowsItsGraphItsPlanAndWhatIsSlow() {
    Query query = console.submit(Consoles.ENDLESS);
    Tab tab = open(pageOf(query), "Query " + query.id());
    Page page = tab.page();
    int nodes = query.graph().nodes().size();
    assertThat(page.locator(".graph .node")).hasCount(nodes);
    assertThat(page.locator(".graph .node.hot")).isVisible();
    assertThat(page.locator(".glance")).containsText(Pattern.compile("Busiest:.*probe"));
    assertThat(page.locator(".graph svg")).containsText("rows/s");
    assertThat(page.locator("main")).containsText("Rules that fired");
    assertThat(page.locator(".plans").first()).containsText("(join+");
    assertThat(page.locator(".graph svg"))
        .hasAttribute("aria-label", Pattern.compile("^Graph of " + nodes + " nodes"));
    // a sample each second
    assertThat(page.locator(".chart .line").nth(1)).isAttached();
    page.getByText("The graph as tables").click();
    assertThat(page.locator("details table").first()).containsText("Permits");
    tab.button("Cancel").click();
    tab.button("Cancel the query").click();
    assertEnds(page, query, QueryState.CANCELLED);
    assertThat(page.locator(".head")).containsText("cancelled");
    assertThat(page.locator(".operators")).containsText("scan people");
    assertThat(tab.button("Cancel")).hasCount(0);
  }

  @Test
  void theEngineShowsWhoHoldsWhat() {
    Query query = console.submit(Consoles.ENDLESS);
    Page page = open("#/engine", "Engine").page();
    assertThat(page.locator(".chart")).hasCount(4);
    assertThat(page.locator(".holders")).containsText("Query " + query.id());
    for (String seen : List.of("of 200 MB", "people", "3 columns")) {
      assertThat(page.locator("main")).containsText(seen);
    }
    assertThat(page.locator(".chart .line").nth(4)).isAttached();
  }

  @Test
  void allCanBeDoneByKeyboard() {
    Query query = console.submit(Consoles.ENDLESS);
    Tab tab = open("#/queries", "Queries");
    Page page = tab.page();
    Locator cancel = tab.button("Cancel query " + query.id());
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    cancel.waitFor();
    page.keyboard().press("Tab");
    assertThat(page.getByText("Skip to content")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("#content")).isFocused();
    for (int i = 0; !(Boolean) cancel.evaluate("b => b === document.activeElement"); i++) {
      assertTrue(i < 12, "the button is not reached");
      page.keyboard().press("Tab");
    }
    page.keyboard().press("Enter");
    dialog.waitFor();
    page.keyboard().press("Escape");
    assertThat(dialog).hasCount(0);
    assertThat(cancel).isFocused();
    page.keyboard().press("Enter");
    dialog.waitFor();
    page.keyboard().press("Tab"); // past Back
    page.keyboard().press("Enter");
    assertEnds(page, query, QueryState.CANCELLED);
  }

  @Test
  void pagesFollowTheRulesOfAccessibilityInLightAndDark() throws Exception {
    String axe;
    try (InputStream in =
        getClass().getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
      axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Query query = console.submit(Consoles.ENDLESS);
    Tab tab = open("#/queries", "Queries");
    Page page = tab.page();
    page.evaluate(axe + ";0");
    for (String hash : List.of("#/queries", pageOf(query), "#/engine", "#/workbench")) {
      page.navigate(console.address(hash)); // the hash only: scripts stay
      page.locator("tbody tr:visible, .CodeMirror, .graph svg").first().waitFor();
      for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colours));
        Object found =
            page.evaluate(
                "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then((r) =>"
                    + " r.passes.length < 10 ? ['not run'] : r.violations.map((v) => v.id + ': ' +"
                    + " v.nodes.map((n) => n.html + ' ' + n.failureSummary).join(' | ')))");
        assertEquals(List.of(), found, hash + " " + colours);
      }
    }
  }

  @Test
  void aPhoneNeedsNotScrollSideways() {
    Query query = console.submit(Consoles.ENDLESS);
    Tab tab = browser.openPhone();
    tabs.add(tab);
    for (String hash : List.of("#/queries", pageOf(query), "#/engine", "#/workbench")) {
      tab.page().navigate(console.address(hash));
      tab.page().locator("tbody tr:visible, .CodeMirror, .graph svg").first().waitFor();
      assertEquals(360, tab.page().evaluate("document.documentElement.scrollWidth"), hash);
    }
  }

  @Test
  void coloursAreChosenAndKept() {
    Page page = open("#/queries", "Queries").page();
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    String ground = "getComputedStyle(document.body).backgroundColor";
    Object light = page.evaluate(ground);
    page.getByLabel("Colours").selectOption("Dark");
    Object dark = page.evaluate(ground);
    assertNotEquals(light, dark);
    page.reload();
    assertThat(page.locator("h1")).hasText("Queries");
    assertEquals(dark, page.evaluate(ground));
    page.getByLabel("Colours").selectOption("Auto");
    assertEquals(light, page.evaluate(ground));
  }

  @Test
  void whereTokensAreAskedForOneSignsIn(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("tokens");
    Files.writeString(file, Tokens.line("ann", Role.SUBMIT, "the-token"));
    try (Consoles closed = Consoles.open(Tokens.read(file), null);
        Tab tab = browser.open()) {
      Page page = tab.page();
      page.navigate(closed.address("#/queries"));
      assertThat(page.getByLabel("Token")).isFocused();
      page.getByLabel("Token").fill("wrong");
      page.keyboard().press("Enter");
      assertThat(page.getByRole(AriaRole.DIALOG)).containsText("This token is not known here.");
      page.getByLabel("Token").fill("the-token");
      tab.button("Sign in").click();
      assertThat(page.locator("#who")).hasText("ann (submit)");
      assertThat(page.locator("main")).containsText("No query runs");
      assertEquals(List.of(), page.context().cookies());
      assertEquals(Map.of(), page.evaluate("({...localStorage})"));
      tab.button("Sign out").click();
      assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
      assertNull(page.evaluate("sessionStorage.getItem('penstock.token')"));
      tab.assertNothingWentWrong(closed.server().address().toString());
    }
  }
}
