package dev.penstock.benchmarks.sqllogictest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the runner said of a script. */
record Script(int exit, String out) {
  static Script run(Path folder, String text, String... options) throws IOException {
    Path file = folder.resolve("a.test");
    Files.writeString(file, text);
    return path(folder, file, options);
  }

  static Script path(Path folder, Path path, String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of(options));
    args.add(path.toString());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int exit =
        SqlLogicTest.run(
            args.toArray(String[]::new), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return new Script(
        exit, bytes.toString(StandardCharsets.UTF_8).replace(folder.toString() + "/", ""));
  }

  /** The last line of numbers: {@code passed 1, failed 0, skipped 0}. */
  String numbers() {
    return out.lines()
        .filter(line -> line.matches("\\d+ files?: .*"))
        .map(line -> line.replaceFirst("\\d+ files?: ", ""))
        .findFirst()
        .orElse(out);
  }
}
