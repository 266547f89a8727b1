package dev.penstock.cli;

import dev.penstock.monitor.PenstockException;
import dev.penstock.server.access.Role;
import dev.penstock.server.access.Tokens;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code penstock token}. */
@Command(
    name = "token",
    description = {
      "Make a token for 'serve --tokens FILE', and print it, once: only its hash is kept.",
      "With --tokens its line is added to that file, which is made if it is not there; a server",
      "reads it when it starts."
    })
final class TokenCommand implements Callable<Integer> {
  @ParentCommand private Commands parent;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "Whose it is: letters, digits and . _ @ -")
  private String name;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "read, submit (the default) or admin.")
  private String role = "submit";

  @Option(names = "--tokens", paramLabel = "FILE", description = "The file to add its line to.")
  private @Nullable Path file;

  @Override
  public Integer call() {
    parent.engineOf(spec); // refuses what belongs to other commands
    String token = Tokens.fresh();
    String line = Tokens.line(name, role(), token);
    Path to = file;
    if (to != null) {
      add(to, line);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(token);
    out.flush();
    parent
        .streams()
        .err()
        .println(
            to != null
                ? "penstock: the token above is shown once; its hash was added to " + to
                : "penstock: the token above is shown once; its line for --tokens FILE is\n"
                    + line);
    return ExitCode.DONE;
  }

  private Role role() {
    for (Role one : Role.values()) {
      if (one.name().equalsIgnoreCase(role)) {
        return one;
      }
    }
    throw new ParameterException(
        spec.commandLine(), "--role: expected read, submit or admin, got '" + role + "'");
  }

  private static void add(Path file, String line) {
    try {
      String before = "";
      if (Files.exists(file)) {
        before = Files.readString(file);
        if (!before.isBlank()) {
          Tokens.read(file); // what is wrong there is told now, not by the server that reads it
        }
      } else if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(
          file,
          (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw PenstockException.io("token-file", file + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
