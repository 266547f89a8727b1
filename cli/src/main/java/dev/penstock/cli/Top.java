package dev.penstock.cli;

import dev.penstock.cli.RemoteServer.Look;
import dev.penstock.cli.RemoteServer.Running;
import dev.penstock.cli.TopScreen.Order;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/**
 * The live list of a server's queries, on a terminal, until q is pressed.
 *
 * <p>Concurrency: everything happens on the caller's thread, which waits for a key or for the next
 * look.
 */
final class Top {
  private static final long EVERY_MILLIS = 1000;
  private static final Duration LONGER = Duration.ofMinutes(10);

  /** Lines above the first query. */
  private static final int HEAD = 4;

  private static final int ESCAPE = 27;
  private static final int CTRL_C = 3;

  /** So long after an escape the rest of an arrow's sequence may take. */
  private static final long SEQUENCE_MILLIS = 50;

  /** What a key is to do when y is pressed. */
  private record Question(String text, Runnable yes) {}

  private final RemoteServer server;
  private final Terminal terminal;
  private final Display display;
  private Order order = Order.AGE;
  private @Nullable Look look;
  private @Nullable Long selected;
  private @Nullable Question question;
  private @Nullable String message;

  private Top(RemoteServer server, Terminal terminal) {
    this.server = server;
    this.terminal = terminal;
    this.display = new Display(terminal, true);
  }

  /** Runs until a person ends it. Errors of requests are shown, and it goes on. */
  static void run(RemoteServer server, Terminal terminal) throws IOException {
    Attributes before = terminal.enterRawMode();
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.keypad_xmit);
    terminal.puts(Capability.cursor_invisible);
    try {
      new Top(server, terminal).loop();
    } finally {
      terminal.puts(Capability.cursor_visible);
      terminal.puts(Capability.keypad_local);
      terminal.puts(Capability.exit_ca_mode);
      terminal.flush();
      terminal.setAttributes(before);
    }
  }

  private void loop() throws IOException {
    long next = System.nanoTime();
    while (true) {
      if (System.nanoTime() - next >= 0) {
        refresh();
        next = System.nanoTime() + EVERY_MILLIS * 1_000_000;
      }
      draw();
      long wait = Math.max(1, (next - System.nanoTime()) / 1_000_000);
      int key = key(wait);
      if (key == NonBlockingReader.READ_EXPIRED) {
        continue;
      }
      if (key == NonBlockingReader.EOF || key == CTRL_C || (key == 'q' && question == null)) {
        return;
      }
      if (pressed(key)) {
        next = System.nanoTime(); // something has changed
      }
    }
  }

  /** A character; an arrow as 'k' and 'j'. */
  private int key(long waitMillis) throws IOException {
    NonBlockingReader in = terminal.reader();
    int key = in.read(waitMillis);
    if (key != ESCAPE) {
      return key;
    }
    int second = in.read(SEQUENCE_MILLIS);
    if (second != '[' && second != 'O') {
      return ESCAPE;
    }
    int third = in.read(SEQUENCE_MILLIS);
    return third == 'A' ? 'k' : third == 'B' ? 'j' : ESCAPE;
  }

  private void refresh() {
    try {
      look = server.look();
    } catch (PenstockException e) {
      message = Commands.line(e);
    }
  }

  /** Whether it may have changed a query. */
  private boolean pressed(int key) {
    Question asked = question;
    message = null;
    if (asked != null) {
      question = null;
      if (key != 'y') {
        message = "nothing was done";
        return false;
      }
      try {
        asked.yes().run();
      } catch (PenstockException e) {
        message = Commands.line(e);
      }
      return true;
    }
    switch (key) {
      case 'k' -> select(-1);
      case 'j' -> select(1);
      case 'm' -> order = Order.MEMORY;
      case 'a' -> order = Order.AGE;
      case 'c' -> ask("cancel query %d? (y/n)", server::cancel, "query %d is being cancelled");
      case 'e' ->
          ask(
              "stop query %d ten minutes from now, not before? (y/n)",
              id -> server.extend(id, LONGER), "query %d has another deadline");
      default -> {}
    }
    return false;
  }

  private interface Deed {
    void to(long query);
  }

  private void ask(String text, Deed deed, String done) {
    Running query = chosen();
    if (query == null) {
      message = "no query is selected";
      return;
    }
    long id = query.id();
    question =
        new Question(
            text.formatted(id),
            () -> {
              deed.to(id);
              message = done.formatted(id);
            });
  }

  private List<Running> rows() {
    Look now = look;
    return now == null ? List.of() : TopScreen.sorted(now, order);
  }

  /** The selected query, or the first when that has ended. */
  private @Nullable Running chosen() {
    List<Running> rows = rows();
    return rows.isEmpty() ? null : rows.get(place(rows));
  }

  private int place(List<Running> rows) {
    for (int i = 0; i < rows.size(); i++) {
      if (selected != null && rows.get(i).id() == selected) {
        return i;
      }
    }
    return 0;
  }

  private void select(int by) {
    List<Running> rows = rows();
    if (!rows.isEmpty()) {
      selected = rows.get(Math.floorMod(place(rows) + by, rows.size())).id();
    }
  }

  private void draw() {
    int columns = Math.max(20, terminal.getWidth());
    int height = Math.max(HEAD + 3, terminal.getHeight());
    display.resize(height, columns);
    List<AttributedString> out = new ArrayList<>();
    Look now = look;
    if (now == null) {
      out.add(new AttributedString("penstock at " + server.address()));
    } else {
      List<String> lines = TopScreen.lines(now, order, server.address().toString(), columns - 1);
      int chosen = now.queries().isEmpty() ? -1 : place(rows());
      // what is selected stays in sight
      int room = height - HEAD - 2;
      int skip = Math.max(0, chosen - room + 1);
      for (int i = 0; i < lines.size(); i++) {
        if (i < HEAD || (i >= HEAD + skip && i < HEAD + skip + room)) {
          out.add(
              i == HEAD + chosen && chosen >= 0
                  ? new AttributedString(lines.get(i), AttributedStyle.DEFAULT.inverse())
                  : i == HEAD - 1
                      ? new AttributedString(lines.get(i), AttributedStyle.DEFAULT.bold())
                      : new AttributedString(lines.get(i)));
        }
      }
    }
    while (out.size() < height - 1) {
      out.add(AttributedString.EMPTY);
    }
    Question asked = question;
    out.add(
        new AttributedString(
            TopScreen.footer(asked != null ? asked.text() : message, columns - 1),
            asked != null ? AttributedStyle.BOLD : AttributedStyle.DEFAULT));
    display.update(out, -1);
  }
}
