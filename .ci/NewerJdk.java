import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the newest JDK (21 or later) of this machine and writes how to run tests on it: {@code java
 * .ci/NewerJdk.java OUT.properties}.
 *
 * <p>Looked at: environment variables {@code JAVA*HOME} and {@code JDK*HOME}, and the folders where
 * package managers put JDKs. The file holds {@code newer.jdk.skip}, {@code newer.jdk.java} (the
 * executable) and {@code newer.jdk.flags} (what the JDK needs to stay quiet about native access).
 */
final class NewerJdk {
  private static final int OLDEST = 21;
  private static final Pattern VERSION =
      Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?.*\"");
  private static final Pattern VARIABLE = Pattern.compile("(JAVA|JDK)\\w*HOME\\w*");

  private record Jdk(Path home, long version) {
    int feature() {
      return (int) (version / 1_000_000);
    }
  }

  public static void main(String[] args) throws IOException {
    Path out = Path.of(args[0]);
    Jdk newest = null;
    for (Path home : candidates()) {
      long version = version(home);
      if (version > 0 && (newest == null || version > newest.version)) {
        newest = new Jdk(home, version);
      }
    }
    List<String> lines = new ArrayList<>();
    int running = Runtime.version().feature();
    if (newest == null || newest.feature() < OLDEST || newest.feature() <= running) {
      System.out.println(
          "[newer jdk] TESTS ARE NOT RUN AGAIN: no JDK "
              + Math.max(OLDEST, running + 1)
              + " or later found; set JDK25_HOME, say, to one");
      lines.add("newer.jdk.skip=true");
      lines.add("newer.jdk.java=none");
      lines.add("newer.jdk.flags=");
    } else {
      lines.add("newer.jdk.skip=false");
      lines.add("newer.jdk.java=" + newest.home.resolve("bin/java").toString().replace('\\', '/'));
      lines.add("newer.jdk.flags=" + flags(newest.feature()));
    }
    Files.createDirectories(out.toAbsolutePath().getParent());
    Files.write(out, lines);
  }

  private static String flags(int feature) {
    return "--enable-native-access=ALL-UNNAMED -XX:+EnableDynamicAgentLoading"
        + (feature >= 23 ? " --sun-misc-unsafe-memory-access=allow" : "");
  }

  private static Set<Path> candidates() throws IOException {
    Set<Path> homes = new LinkedHashSet<>();
    for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
      if (VARIABLE.matcher(variable.getKey()).matches() && !variable.getValue().isBlank()) {
        homes.add(Path.of(variable.getValue()));
      }
    }
    String user = System.getProperty("user.home");
    List<String> folders = new ArrayList<>();
    folders.add("/usr/lib/jvm");
    folders.add("/usr/java");
    folders.add("/opt/java");
    folders.add("/opt/homebrew/opt");
    folders.add("/Library/Java/JavaVirtualMachines");
    folders.add(user + "/Library/Java/JavaVirtualMachines");
    folders.add(user + "/.sdkman/candidates/java");
    folders.add(user + "/.jdks");
    for (String programs : List.of("ProgramFiles", "LOCALAPPDATA")) {
      String folder = System.getenv(programs);
      if (folder != null) {
        for (String vendor :
            List.of("Java", "Eclipse Adoptium", "Zulu", "Microsoft", "Amazon Corretto")) {
          folders.add(folder + "/" + vendor);
        }
      }
    }
    for (String folder : folders) {
      if (Files.isDirectory(Path.of(folder))) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of(folder))) {
          for (Path home : found) {
            homes.add(home);
            homes.add(home.resolve("Contents/Home"));
            homes.add(home.resolve("libexec/openjdk.jdk/Contents/Home"));
          }
        }
      }
    }
    return homes.stream()
        .filter(NewerJdk::isJdk)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static boolean isJdk(Path home) {
    return Files.isRegularFile(home.resolve("release"))
        && (Files.isRegularFile(home.resolve("bin/javac"))
            || Files.isRegularFile(home.resolve("bin/javac.exe")));
  }

  /** Feature, interim and update as one number, or 0 when the release file tells none. */
  private static long version(Path home) throws IOException {
    Matcher found = VERSION.matcher(Files.readString(home.resolve("release")));
    if (!found.find()) {
      return 0;
    }
    long version = 0;
    for (int part = 1; part <= 3; part++) {
      version =
          version * 1000 + (found.group(part) == null ? 0 : Long.parseLong(found.group(part)));
    }
    return version;
  }
}
