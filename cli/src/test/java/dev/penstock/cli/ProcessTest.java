package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.tools.attach.VirtualMachine;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as its own process: exit codes, a closed pipe, a signal. */
final class ProcessTest {
  private static final int SECONDS = 60;

  @TempDir Path folder;

  private ProcessBuilder program(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx512m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.penstock.cli.Main"));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("PENSTOCK_DEBUG");
    return builder;
  }

  private static int ended(Process process) throws Exception {
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("did not end in " + SECONDS + " s");
    }
    return process.exitValue();
  }

  private static String text(java.io.InputStream in) throws Exception {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void rowsAndErrorsGoTheirWays() throws Exception {
    assumeTrue(File.separatorChar == '/', "reads /dev/null");
    Process good = program("-e", "(values+ [A B] [[1 \"x\"] [2 nil]])").start();
    assertEquals("A,B\n1,x\n2,\n", text(good.getInputStream()));
    assertEquals("", text(good.getErrorStream()));
    assertEquals(0, ended(good));
    Process bad = program("-e", "(values+ [A] [[1] [\"x\"]])").start();
    assertEquals("", text(bad.getInputStream()));
    String error = text(bad.getErrorStream());
    assertTrue(error.matches("penstock: -e:1:[^\\n]+\\n"), error);
    assertEquals(1, ended(bad));
  }

  @Test
  void sqlWritesItsRowsAndNothingElse() throws Exception {
    assumeTrue(File.separatorChar == '/', "reads /dev/null");
    Process good = program("sql", "SELECT 1 AS A; CREATE TABLE t AS SELECT 2 AS B; FROM t").start();
    assertEquals("A\n1\n\nB\n2\n", text(good.getInputStream()));
    assertEquals("", text(good.getErrorStream()));
    assertEquals(0, ended(good));
  }

  @Test
  void aClosedPipeEndsQuietly() throws Exception {
    assumeTrue(File.separatorChar == '/', "reads /dev/null");
    for (String format : List.of("csv", "json", "table")) {
      String rows =
          format.equals("table")
              ? "(series+ NUMBER_OF_ROW 1 100000)"
              : "(series+ NUMBER_OF_ROW 1 1000000000)";
      Process process = program("-e", rows, "--format", format).start();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        assertTrue(out.readLine().length() > 10);
      }
      assertEquals("", text(process.getErrorStream()), format);
      assertEquals(0, ended(process), format);
    }
  }

  @Test
  void aSignalCancelsTheQueryAndRemovesItsPartialOutput() throws Exception {
    assumeTrue(File.separatorChar == '/', "sends SIGINT");
    // a job in the background of a shell without job control ignores it, and so do its children
    Process probe = new ProcessBuilder("sh", "-c", "kill -INT $$; echo ignored").start();
    assumeFalse(text(probe.getInputStream()).contains("ignored"), "SIGINT is ignored here");
    try (WatchService watch = folder.getFileSystem().newWatchService()) {
      folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Process process = program("-e", "(series+ N 1 100000000000)", "--out", "out.csv").start();
      // its temporary file is there: the query runs
      WatchKey key = watch.poll(SECONDS, TimeUnit.SECONDS);
      assertTrue(key != null, "no output after " + SECONDS + " s");
      assertEquals(0, ended(new ProcessBuilder("kill", "-INT", "" + process.pid()).start()));
      assertEquals("penstock: cancelled\n", text(process.getErrorStream()));
      assertEquals(130, ended(process));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  /** As JConsole does: attached to a process of the same user. */
  @SuppressWarnings("BanJNDI") // the server is the test's own
  private static Object managed(Process process, String bean, String attribute) throws Exception {
    VirtualMachine machine = VirtualMachine.attach("" + process.pid());
    try (JMXConnector connector =
        JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
      return connector.getMBeanServerConnection().getAttribute(new ObjectName(bean), attribute);
    } finally {
      machine.detach();
    }
  }

  @Test
  void aServerStopsWhenItIsTold() throws Exception {
    assumeTrue(File.separatorChar == '/', "sends SIGTERM");
    Files.writeString(folder.resolve("t.csv"), "a\n1\n2\n");
    Files.writeString(folder.resolve("t.ttl"), "<http://x/a> <http://x/b> 1, 2 .");
    Process process = program("serve", "--port", "0", "--data", ".").start();
    try (BufferedReader err =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      String line = err.readLine();
      assertTrue(line.matches("penstock: serving at http://127\\.0\\.0\\.1:\\d+/"), line);
      HttpRequest query =
          HttpRequest.newBuilder(URI.create(line.substring(line.indexOf("http")) + "v1/queries"))
              .header("Content-Type", "application/sql")
              .header("Accept", "text/csv")
              .POST(HttpRequest.BodyPublishers.ofString("SELECT sum(a) AS s FROM t"))
              .build();
      HttpRequest ask =
          HttpRequest.newBuilder(
                  URI.create(
                      line.substring(line.indexOf("http"))
                          + "sparql?format=csv&query=SELECT(COUNT(*)AS%20?n)%7B?s%20?p%20?o%7D"))
              .build();
      assertEquals(
          "n\r\n2\r\n",
          HttpClient.newHttpClient().send(ask, HttpResponse.BodyHandlers.ofString()).body());
      assertEquals(
          "s\n3\n",
          HttpClient.newHttpClient().send(query, HttpResponse.BodyHandlers.ofString()).body());
      assertEquals(2L, managed(process, "dev.penstock:type=Engine,name=\"serve\"", "BegunQueries"));
      assertEquals(0, ended(new ProcessBuilder("kill", "" + process.pid()).start()));
      assertEquals("penstock: stopping", err.readLine());
      assertEquals(null, err.readLine());
    }
    assertEquals(143, ended(process));
  }
}
