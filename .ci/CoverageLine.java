import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Prints one line of coverage for a module: {@code java .ci/CoverageLine.java MODULE jacoco.csv}. A
 * module without a report (no code, or no tests were run) prints nothing.
 */
final class CoverageLine {
  public static void main(String[] args) throws IOException {
    Path report = Path.of(args[1]);
    if (!Files.isRegularFile(report)) {
      return;
    }
    List<String> lines = Files.readAllLines(report);
    List<String> names = List.of(lines.get(0).split(","));
    System.out.printf(
        "[coverage] %s: lines %s, branches %s%n",
        args[0], share(lines, names, "LINE"), share(lines, names, "BRANCH"));
  }

  private static String share(List<String> lines, List<String> names, String counter) {
    long missed = sum(lines, names.indexOf(counter + "_MISSED"));
    long covered = sum(lines, names.indexOf(counter + "_COVERED"));
    long all = missed + covered;
    return all == 0 ? "none" : "%.1f%% of %d".formatted(100.0 * covered / all, all);
  }

  private static long sum(List<String> lines, int column) {
    return lines.stream().skip(1).mapToLong(line -> Long.parseLong(line.split(",")[column])).sum();
  }
}
