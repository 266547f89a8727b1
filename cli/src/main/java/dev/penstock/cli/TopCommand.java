package dev.penstock.cli;

import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code penstock top}. */
@Command(
    name = "top",
    description = {
      "Watch the queries of a server, cancel them, give them more time.",
      "Without a terminal it prints them once, and ends."
    })
final class TopCommand implements Callable<Integer> {
  @ParentCommand private Commands parent;
  @Spec private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Where the server is (default: ${DEFAULT-VALUE}).")
  private String server = "http://127.0.0.1:8642/";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the token; else the variable PENSTOCK_TOKEN, if it is set.")
  private @Nullable Path tokenFile;

  @Override
  public Integer call() throws IOException {
    parent.engineOf(spec); // refuses what belongs to other commands
    RemoteServer remote = new RemoteServer(address(), token());
    Streams streams = parent.streams();
    if (!streams.inIsTerminal() || !streams.outIsTerminal()) {
      PrintWriter out = spec.commandLine().getOut();
      // whoever reads it is no terminal, and wants the whole texts
      TopScreen.lines(
              remote.look(), TopScreen.Order.AGE, remote.address().toString(), Integer.MAX_VALUE)
          .forEach(out::println);
      out.flush();
      return ExitCode.DONE;
    }
    try (Terminal terminal =
        TerminalBuilder.builder().name("penstock").system(true).dumb(true).build()) {
      Top.run(remote, terminal);
    }
    return ExitCode.DONE;
  }

  private URI address() {
    String text = server.endsWith("/") ? server : server + "/";
    try {
      URI address = URI.create(text);
      if (address.getHost() != null
          && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new ParameterException(
        spec.commandLine(), "--server: expected http://HOST:PORT/, got '" + server + "'");
  }

  private String token() {
    Path file = tokenFile;
    if (file == null) {
      return Objects.requireNonNullElse(System.getenv("PENSTOCK_TOKEN"), "");
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw PenstockException.io("token-file", file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
