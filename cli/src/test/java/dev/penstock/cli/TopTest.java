package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.server.Server;
import dev.penstock.server.ServerOptions;
import dev.penstock.server.access.Role;
import dev.penstock.server.access.Tokens;
import dev.penstock.sql.SqlCatalog;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jline.builtins.ScreenTerminal;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live list, on a terminal of the test, of a real server. */
final class TopTest {
  private static final String ENDLESS = "(group+ [] [[n (count)]] (series+ x 1 1000000000000))";
  private static final long SECONDS = 20;

  @TempDir Path folder;
  private Engine engine;
  private Server server;

  @BeforeEach
  void start() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    server = serve(ServerOptions.defaults());
  }

  private Server serve(ServerOptions options) {
    return Server.start(
        engine, new SqlCatalog(engine), options.withPort(0).withGrace(Duration.ZERO));
  }

  @AfterEach
  void stop() {
    server.close();
    engine.close();
  }

  private Query endless(String owner) {
    return engine.run(ENDLESS, QueryOptions.defaults().withOwner(owner)).query();
  }

  /** A screen that keys are typed at. */
  private final class Screen implements AutoCloseable {
    private final PipedOutputStream keys = new PipedOutputStream();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final CompletableFuture<Void> top;

    Screen() throws Exception {
      PipedInputStream in = new PipedInputStream(keys);
      ExternalTerminal terminal =
          new ExternalTerminal("test", "xterm", in, shown, StandardCharsets.UTF_8);
      terminal.setSize(new Size(120, 20));
      top =
          CompletableFuture.runAsync(
              () -> {
                try {
                  Top.run(new RemoteServer(server.address(), ""), terminal);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
    }

    /** What can be seen now. */
    String text() {
      ScreenTerminal seen = new ScreenTerminal(120, 20);
      seen.write(shown.toString(StandardCharsets.UTF_8));
      return seen.toString();
    }

    void await(String part) {
      until(() -> text().contains(part), () -> part + "\n" + text());
    }

    void press(String what) throws Exception {
      keys.write(what.getBytes(StandardCharsets.UTF_8));
      keys.flush();
    }

    @Override
    public void close() throws Exception {
      press("nq"); // no to whatever is asked
      top.get(SECONDS, TimeUnit.SECONDS);
      keys.close();
    }
  }

  private static void until(BooleanSupplier holds, java.util.function.Supplier<String> what) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void aQueryIsSelectedAndCancelled() throws Exception {
    Query first = endless("ann");
    Query second = endless("bob");
    try (Screen screen = new Screen()) {
      screen.await("running 2");
      screen.await("ann");
      screen.press("c");
      screen.await("cancel query " + first.id() + "? (y/n)");
      screen.press("n");
      screen.await("nothing was done");
      screen.press("\u001bOB"); // down
      screen.press("c");
      screen.await("cancel query " + second.id() + "?");
      screen.press("y");
      screen.await("query " + second.id() + " is being cancelled");
      until(() -> second.state() == QueryState.CANCELLED, () -> "" + second);
      assertEquals(QueryState.RUNNING, first.state());
      screen.await("running 1");
      screen.press("e");
      screen.await("stop query " + first.id() + " ten minutes from now");
      screen.press("y");
      screen.await("another deadline");
      Instant deadline = first.deadline();
      assertTrue(deadline != null && deadline.isAfter(Instant.now().plusSeconds(500)));
      screen.press("m");
      screen.press("a");
    }
    assertEquals(QueryState.RUNNING, first.state());
  }

  @Test
  void aServerThatGoesAwayIsShownAndNoEnd() throws Exception {
    try (Screen screen = new Screen()) {
      screen.await("no query runs");
      server.close();
      screen.await("the server does not answer");
      assertTrue(!screen.top.isDone());
    }
  }

  @Test
  void withoutATerminalItPrintsOnce() throws Exception {
    Query query = endless("ann");
    Ran ran = Ran.command("top", "--server", server.address().toString());
    assertEquals("", ran.err());
    assertEquals(0, ran.code());
    String[] lines = ran.out().split("\n");
    assertEquals("penstock at " + server.address() + "   running 1   waiting 0", lines[0]);
    assertTrue(lines[1].startsWith("memory ["), lines[1]);
    assertTrue(
        lines[4].matches(" +" + query.id() + " +ann +running +.* s +- .*\\(group\\+ .*"), lines[4]);
    assertEquals(5, lines.length);
  }

  @Test
  void aTokenIsMadeAndUsed() throws Exception {
    Path file = folder.resolve("tokens");
    Ran made = Ran.command("token", "ann", "--role", "admin", "--tokens", file.toString());
    assertEquals(0, made.code());
    String token = made.out().strip();
    assertTrue(token.matches("[\\w-]{43}"), token);
    assertEquals(
        "penstock: the token above is shown once; its hash was added to " + file + "\n",
        made.err());
    assertEquals(Tokens.line("ann", Role.ADMIN, token) + "\n", Files.readString(file));
    assertEquals(0, Ran.command("token", "bob", "--tokens", file.toString()).code());
    assertTrue(Files.readAllLines(file).get(1).startsWith("bob submit "));
    server.close();
    server = serve(ServerOptions.defaults().withTokens(Tokens.read(file)));
    Path kept = Files.writeString(folder.resolve("mine"), token + "\n");
    String address = server.address().toString();
    assertEquals(
        0, Ran.command("top", "--server", address, "--token-file", kept.toString()).code());
    assertEquals(
        new Ran(
            1,
            "",
            "penstock: "
                + address
                + ": expected a header 'Authorization: Bearer TOKEN', got none\n"),
        Ran.command("top", "--server", address));
  }

  @Test
  void whatIsWrongIsOneLine() {
    assertEquals(
        new Ran(
            2,
            "",
            "penstock: --server: expected http://HOST:PORT/, got 'here'; see penstock --help\n"),
        Ran.command("top", "--server", "here"));
    assertEquals(
        new Ran(
            2,
            "",
            "penstock: --role: expected read, submit or admin, got 'king'; see penstock --help\n"),
        Ran.command("token", "ann", "--role", "king"));
    assertEquals(
        new Ran(
            1, "", "penstock: expected a name of 1 to 64 letters, digits and . _ @ -, got 'a b'\n"),
        Ran.command("token", "a b"));
    String address = server.address().toString();
    server.close();
    Ran gone = Ran.command("top", "--server", address);
    assertEquals(1, gone.code());
    assertTrue(
        gone.err().startsWith("penstock: " + address + ": the server does not answer"), gone.err());
    server = serve(ServerOptions.defaults());
  }
}
