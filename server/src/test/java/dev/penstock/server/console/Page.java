package dev.penstock.server.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A tab. What a person does is done by events of mouse and keyboard; what they see is asked by
 * expressions of JavaScript.
 */
final class Page implements AutoCloseable {
  private static final long PATIENCE_NANOS =
      TimeUnit.SECONDS.toNanos(Integer.getInteger("penstock.test.patience", 20));
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

  /** The keys that tests press, and what DevTools calls them. */
  private static final Map<String, Integer> KEYS =
      Map.of(
          "Tab",
          9,
          "Enter",
          13,
          "Escape",
          27,
          " ",
          32,
          "PageDown",
          34,
          "End",
          35,
          "ArrowLeft",
          37,
          "ArrowRight",
          39,
          "ArrowDown",
          40);

  static final int CTRL = 2;
  static final int SHIFT = 8;

  private final Browser browser;
  private final String target;
  private final String session;
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();

  Page(Browser browser, String target, String session) {
    this.browser = browser;
    this.target = target;
    this.session = session;
  }

  private static ObjectNode object() {
    return Browser.MAPPER.createObjectNode();
  }

  JsonNode ask(String method, ObjectNode parameters) {
    return browser.ask(session, method, parameters);
  }

  void begin() {
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      ask(domain + ".enable", object());
    }
    size(1280, 800, false);
  }

  /** Defects of the page, what its policy refused, and where it went. */
  void event(String method, JsonNode told) {
    switch (method) {
      case "Runtime.exceptionThrown" -> faults.add(told.get("exceptionDetails").toString());
      case "Log.entryAdded" -> {
        JsonNode entry = told.get("entry");
        // a request that is refused is no defect of the page: it is what some tests are about
        if (entry.get("level").asText().equals("error")
            && !entry.get("source").asText().equals("network")) {
          faults.add(entry.get("text").asText());
        }
      }
      case "Runtime.consoleAPICalled" -> {
        if (told.get("type").asText().equals("error")) {
          faults.add(told.get("args").toString());
        }
      }
      case "Network.requestWillBeSent" -> requests.add(told.get("request").get("url").asText());
      default -> {}
    }
  }

  /** Exceptions, errors on the console, and what the policy of the page refused. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** The addresses of all requests so far. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  Page size(int width, int height, boolean phone) {
    ask(
        "Emulation.setDeviceMetricsOverride",
        object()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", phone));
    return this;
  }

  Page colours(String scheme) {
    ObjectNode media = object();
    ArrayNode features = media.putArray("features");
    features.addObject().put("name", "prefers-color-scheme").put("value", scheme);
    // what moves would make pictures and contrasts depend on the moment
    features.addObject().put("name", "prefers-reduced-motion").put("value", "reduce");
    ask("Emulation.setEmulatedMedia", media);
    return this;
  }

  /** Goes to an address and waits until an expression holds there. */
  Page go(String address, String until) {
    ask("Page.navigate", object().put("url", address));
    return await("document.readyState === 'complete' && " + until);
  }

  /** The value of an expression; a promise is waited for. */
  JsonNode eval(String expression) {
    JsonNode got =
        ask(
            "Runtime.evaluate",
            object()
                .put("expression", expression)
                .put("returnByValue", true)
                .put("awaitPromise", true));
    if (got.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + got.get("exceptionDetails"));
    }
    return got.get("result").path("value");
  }

  String text(String selector) {
    return eval("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''").asText();
  }

  boolean holds(String expression) {
    return eval("Promise.resolve(" + expression + ").then(Boolean)").asBoolean();
  }

  /** Waits until an expression holds. */
  Page await(String expression) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!holds(expression)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "never held: "
                + expression
                + "\n"
                + eval("document.body.innerText").asText()
                + "\n"
                + faults);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return this;
  }

  Page awaitText(String selector, String part) {
    return await(
        "(document.querySelector("
            + quoted(selector)
            + ")?.innerText ?? '').includes("
            + quoted(part)
            + ")");
  }

  /** An element by its selector and a part of its text, in the words of {@link #eval}. */
  static String byText(String selector, String text) {
    return "[...document.querySelectorAll("
        + quoted(selector)
        + ")].find((e) => e.checkVisibility() && (e.textContent.trim() === "
        + quoted(text)
        + " || e.getAttribute('aria-label') === "
        + quoted(text)
        + "))";
  }

  static String quoted(String text) {
    return Browser.MAPPER.getNodeFactory().textNode(text).toString();
  }

  /** Clicks in the middle of a button, a link, a label. */
  Page click(String selector, String text) {
    String element = byText(selector, text);
    await(element + " && !" + element + ".disabled");
    JsonNode at =
        eval(
            "(() => { const e = "
                + element
                + "; e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
                + " return [r.x + r.width / 2, r.y + r.height / 2]; })()");
    for (String type : List.of("mousePressed", "mouseReleased")) {
      ask(
          "Input.dispatchMouseEvent",
          object()
              .put("type", type)
              .put("x", at.get(0).asDouble())
              .put("y", at.get(1).asDouble())
              .put("button", "left")
              .put("clickCount", 1));
    }
    return this;
  }

  /** Types where the focus is. */
  Page type(String text) {
    text.codePoints()
        .forEach(
            c ->
                ask(
                    "Input.dispatchKeyEvent",
                    object().put("type", "char").put("text", Character.toString(c))));
    return this;
  }

  Page key(String key, int modifiers) {
    Integer code = KEYS.get(key);
    if (code == null) {
      throw new IllegalArgumentException(key);
    }
    for (String type : List.of("keyDown", "keyUp")) {
      ObjectNode event =
          object()
              .put("type", type)
              .put("key", key)
              .put("code", key.equals(" ") ? "Space" : key)
              .put("windowsVirtualKeyCode", code)
              .put("modifiers", modifiers);
      if (type.equals("keyDown") && key.equals("Enter")) {
        event.put("text", "\r");
      }
      if (type.equals("keyDown") && key.equals(" ")) {
        event.put("text", " ");
      }
      ask("Input.dispatchKeyEvent", event);
    }
    return this;
  }

  Page key(String key) {
    return key(key, 0);
  }

  /** As a PNG of what can be seen. */
  void picture(Path file) throws IOException {
    JsonNode got = ask("Page.captureScreenshot", object().put("format", "png"));
    Files.write(file, Base64.getDecoder().decode(got.get("data").asText()));
  }

  @Override
  public void close() {
    browser.forget(session);
    browser.ask("", "Target.closeTarget", object().put("targetId", target));
  }
}
