package dev.penstock.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code sql} with the options of most starts, read without picocli: that has classes of Java 5,
 * which no archive of classes takes, and needs more time than to read the rest. It reads whatever
 * is written in another way, wrong, or not known here.
 */
final class ShortCommand {
  private static final Set<String> OPTIONS =
      Set.of("--data", "--workers", "--format", "--file", "-f");

  private final SqlCommand command;
  private final EngineFlags engine;

  private ShortCommand(SqlCommand command, EngineFlags engine) {
    this.command = command;
    this.engine = engine;
  }

  /** Null: it is for picocli. */
  static @Nullable ShortCommand of(String... args) {
    if (args.length == 0 || !args[0].equals("sql")) {
      return null;
    }
    Map<String, String> given = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      String name = args[i];
      boolean option = OPTIONS.contains(name);
      int at = option ? i + 1 : i;
      if (at == args.length || !isPlain(args[at])) {
        return null;
      }
      String key = option ? name.equals("-f") ? "--file" : name : "";
      if (given.put(key, args[at]) != null) {
        return null;
      }
      i = at;
    }
    String text = given.get("");
    String file = given.get("--file");
    String workers = given.get("--workers");
    boolean number = workers == null || workers.matches("\\d{1,4}");
    if ((text == null) == (file == null) || !number) {
      return null;
    }
    String data = given.get("--data");
    try {
      return new ShortCommand(
          SqlCommand.of(text, file, OutputFlags.of(given.get("--format"))),
          EngineFlags.of(
              data == null ? null : Path.of(data),
              workers == null ? null : Integer.valueOf(workers)));
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** Is it a word that means itself: no option, no file of arguments, no standard input? */
  private static boolean isPlain(String word) {
    return !word.isEmpty() && "-@\"'".indexOf(word.charAt(0)) < 0;
  }

  /** The exit code. */
  int run(Streams streams) throws Exception {
    return command.run(streams, engine);
  }
}
