package dev.penstock.server.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A Chromium of this machine, without a window, driven by Playwright. The driver comes out of its
 * jar, the browser is installed: nothing is fetched.
 *
 * <p>Concurrency: one thread, that which started it, as Playwright wants it.
 */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final int PATIENCE_MILLIS =
      1000 * Integer.getInteger("penstock.test.patience", 20);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final List<ProcessHandle> before;
  private final Playwright driver;
  private final Browser browser;

  private Chromium(Path program) {
    before = ProcessHandle.current().descendants().toList();
    driver =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        driver
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program)
                    .setChromiumSandbox(false)
                    .setArgs(List.of("--disable-gpu", "--disable-quic")));
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
  }

  /** The program; null: none is installed. */
  static @Nullable Path installed() {
    String given = System.getenv("PENSTOCK_CHROMIUM");
    if (given != null) {
      return Path.of(given);
    }
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator)) {
      for (String name : NAMES) {
        Path file = Path.of(folder.isEmpty() ? "." : folder, name);
        if (Files.isExecutable(file)) {
          return file;
        }
      }
    }
    return null;
  }

  /** Starts it. Skips the class, in a line that cannot be overlooked, where there is none. */
  static Chromium start() {
    Assumptions.assumeTrue(
        Integer.getInteger("penstock.test.fewer", 1) == 1,
        "pages are the same on every JDK: where tests run again they are left out");
    Path program = installed();
    if (program == null) {
      System.out.println(
          "SKIPPED: the tests of the console, no Chromium found. Install it (Debian, Ubuntu:"
              + " apt-get install chromium) or name it in PENSTOCK_CHROMIUM.");
    }
    Assumptions.assumeTrue(program != null, "no Chromium");
    return new Chromium(program == null ? Path.of("") : program);
  }

  /** A tab of a person who was never here: nothing is stored. */
  Tab open() {
    return open(new Browser.NewContextOptions().setViewportSize(1280, 800));
  }

  /** As {@link #open()}, on a phone held upright. */
  Tab openPhone() {
    return open(
        new Browser.NewContextOptions()
            .setViewportSize(360, 740)
            .setIsMobile(true)
            .setHasTouch(true));
  }

  private Tab open(Browser.NewContextOptions options) {
    // what moves would make pictures and contrasts depend on the moment
    BrowserContext context = browser.newContext(options.setReducedMotion(ReducedMotion.REDUCE));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    return new Tab(context);
  }

  /** Ends it, and the driver; fails when one of their processes stays. Blocking. */
  @Override
  public void close() {
    List<ProcessHandle> started =
        ProcessHandle.current().descendants().filter(p -> !before.contains(p)).toList();
    browser.close();
    driver.close();
    // (onExit of a process that is no child of ours looks every few seconds only)
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (started.stream().anyMatch(ProcessHandle::isAlive)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("a process of the browser stays: " + started);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
