package dev.penstock.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;

/** A page of the console, and what must never happen on it. */
final class Tab implements AutoCloseable {
  private final BrowserContext context;
  private final Page page;
  private final List<String> faults = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();

  Tab(BrowserContext context) {
    this.context = context;
    page = context.newPage();
    page.onPageError(faults::add);
    page.onConsoleMessage(
        said -> {
          // a request that is refused is no defect of the page: it is what some tests are about
          if (said.type().equals("error") && !said.text().startsWith("Failed to load resource")) {
            faults.add(said.text());
          }
        });
    context.onRequest((Request r) -> requests.add(r.url()));
  }

  Page page() {
    return page;
  }

  /** What a person sees as a button, by the name that a screen reader tells. */
  Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /**
   * There were no exceptions, no errors on the console (the page's policy refuses there), and no
   * request went anywhere else.
   */
  void assertNothingWentWrong(String server) {
    page.evaluate("0"); // what happened before is told before its answer
    assertEquals(List.of(), faults);
    for (String address : requests) {
      assertTrue(address.startsWith(server) || address.startsWith("blob:" + server), address);
    }
    assertTrue(!requests.isEmpty());
  }

  @Override
  public void close() {
    context.close();
  }
}
