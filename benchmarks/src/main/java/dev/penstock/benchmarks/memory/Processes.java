package dev.penstock.benchmarks.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Starts a JVM for each measurement, with a spill folder that is gone after it. */
public final class Processes {
  /** Stands for the spill folder among the arguments. */
  public static final String SPILL = "@SPILL@";

  private static final String SMALL_YOUNG = "-Xmn20m";

  private final Path data;
  private List<String> archive = List.of();

  public Processes(Path data) {
    this.data = data;
  }

  /**
   * Options for a heap that has little room beyond the cap, as in the launcher: the young
   * generation is small, because the old one must hold all that is under the cap.
   */
  static List<String> heap(long mb) {
    List<String> options = new ArrayList<>(List.of("-Xmx" + mb + "m", SMALL_YOUNG));
    options.add("-XX:+UseSerialGC");
    if (Runtime.version().feature() >= 25) {
      options.add("-XX:+UseCompactObjectHeaders");
      options.add("-XX:CompileCommand=quiet");
      options.add("-XX:CompileCommand=MemLimit,*::*,16m~stop");
    }
    return options;
  }

  /** From now on classes come from an archive that this run makes, as they do in the launcher. */
  void archive(List<String> options, Class<?> main, List<String> args) throws Exception {
    Path file = Files.createTempFile("penstock-bench", ".jsa");
    Files.delete(file);
    file.toFile().deleteOnExit();
    List<String> making = new ArrayList<>(options);
    making.add("-XX:ArchiveClassesAtExit=" + file);
    run(making, main, args);
    archive =
        Files.exists(file)
            ? List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds=off", "-Xlog:cds+dynamic=off")
            : List.of();
  }

  /** What it prints, and a last line {@code EXIT code}; what it says on stderr goes to ours. */
  public List<String> run(List<String> options, Class<?> main, List<String> args) throws Exception {
    Files.createDirectories(data);
    Path spill = Files.createTempDirectory(data.toAbsolutePath(), "spill-");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(options);
      command.addAll(archive);
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.add(main.getName());
      for (String arg : args) {
        command.add(arg.equals(SPILL) ? spill.toString() : arg);
      }
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      if (options.contains(SMALL_YOUNG)) { // as the launcher: what the compilers free is given back
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "16384");
        builder.environment().put("MALLOC_TRIM_THRESHOLD_", "65536");
      }
      Process process = builder.start();
      List<String> lines = new ArrayList<>();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          lines.add(line);
        }
      }
      lines.add("EXIT " + process.waitFor());
      return lines;
    } finally {
      try (Stream<Path> left = Files.walk(spill)) {
        for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** The most that was resident of this process, as the system tells; -1 where it does not. */
  public static long peakResidentKib() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return -1;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D+", ""));
      }
    }
    return -1;
  }
}
