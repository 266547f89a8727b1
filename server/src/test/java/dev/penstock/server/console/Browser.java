package dev.penstock.server.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Chromium of this machine, without a window, asked by its DevTools protocol. (Playwright for
 * Java brings 200 MB of node for every platform; what is asked here are a dozen commands.)
 *
 * <p>Concurrency: commands from any thread; answers come on a thread of the web socket.
 */
final class Browser implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final long PATIENCE_SECONDS = 30;
  static final ObjectMapper MAPPER = new ObjectMapper();

  private final Process process;
  private final Path profile;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final Map<String, BiConsumer<String, JsonNode>> sessions = new ConcurrentHashMap<>();
  private final WebSocket socket;

  private Browser(Process process, Path profile, URI address) {
    this.process = process;
    this.profile = profile;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, new Listener())
            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .join();
  }

  /** The program; null: none is installed. */
  static @Nullable Path installed() {
    String given = System.getenv("PENSTOCK_CHROMIUM");
    if (given != null) {
      return Path.of(given);
    }
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(java.io.File.pathSeparator)) {
      for (String name : NAMES) {
        Path file = Path.of(folder.isEmpty() ? "." : folder, name);
        if (Files.isExecutable(file)) {
          return file;
        }
      }
    }
    return null;
  }

  /** Starts it. Blocking. */
  static Browser start(Path program) throws IOException {
    Path profile = Files.createTempDirectory("penstock-browser");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-extensions",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    StringBuilder told = new StringBuilder();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      told.append(line).append('\n');
      int at = line.indexOf("ws://");
      if (line.startsWith("DevTools listening") && at >= 0) {
        drain(in);
        return new Browser(process, profile, URI.create(line.substring(at).strip()));
      }
    }
    throw new IOException(program + " did not start:\n" + told);
  }

  /** What it says later is of no interest, but must not fill its pipe. */
  private static void drain(BufferedReader in) {
    Thread reading =
        new Thread(
            () -> {
              try {
                while (in.readLine() != null) {
                  // on
                }
              } catch (IOException e) {
                // it has ended
              }
            },
            "browser-errors");
    reading.setDaemon(true);
    reading.start();
  }

  /** A new tab. */
  Page open() {
    String target =
        ask("", "Target.createTarget", MAPPER.createObjectNode().put("url", "about:blank"))
            .get("targetId")
            .asText();
    String session =
        ask(
                "",
                "Target.attachToTarget",
                MAPPER.createObjectNode().put("targetId", target).put("flatten", true))
            .get("sessionId")
            .asText();
    Page page = new Page(this, target, session);
    sessions.put(session, page::event);
    page.begin();
    return page;
  }

  void forget(String session) {
    sessions.remove(session);
  }

  /** One command, and its answer. Blocking. */
  JsonNode ask(String session, String method, ObjectNode parameters) {
    int id = ids.incrementAndGet();
    ObjectNode message = MAPPER.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    synchronized (this) {
      socket.sendText(message.toString(), true).join();
    }
    JsonNode got = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    if (got.has("error")) {
      throw new AssertionError(method + ": " + got.get("error"));
    }
    return got.get("result");
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder part = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        try {
          take(MAPPER.readTree(part.toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } finally {
          part.setLength(0);
        }
      }
      from.request(1);
      return null;
    }

    private void take(JsonNode message) {
      if (message.has("id")) {
        CompletableFuture<JsonNode> waiting = asked.remove(message.get("id").asInt());
        if (waiting != null) {
          waiting.complete(message);
        }
        return;
      }
      BiConsumer<String, JsonNode> page = sessions.get(message.path("sessionId").asText());
      if (page != null) {
        page.accept(message.get("method").asText(), message.get("params"));
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    for (ProcessHandle one : all) {
      one.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
