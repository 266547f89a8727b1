package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandsTest {
  private static final String ADULTS =
      "(sort+ [Name] (filter+ (> Age 20) (table+ \"people.csv\")))";

  @TempDir Path folder;

  @BeforeEach
  void people() throws Exception {
    Files.writeString(
        folder.resolve("people.csv"),
        "Name,Age,Note\nBo,19,young\n\"Ng, Åsa\",31,\nCy,45,\"says \"\"hi\"\"\"\n");
  }

  private String data() {
    return folder.toString();
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aPlanOnTheCommandLineGivesCsvInAPipe() {
    String csv = "Name,Age,Note\nCy,45,\"says \"\"hi\"\"\"\n\"Ng, Åsa\",31,\n";
    assertEquals(new Ran(0, csv, ""), Ran.command("-e", ADULTS, "--data", data()));
    assertEquals(
        new Ran(0, csv, ""), Ran.command("-e", ADULTS, "--format", "CSV", "--data", data()));
    assertEquals(new Ran(0, csv, ""), Ran.command("--data", data(), "run", "-e", ADULTS));
    assertEquals(new Ran(0, csv, ""), Ran.with(ADULTS, false, "run", "-", "--data=" + data()));
    assertEquals(
        new Ran(0, csv, ""),
        Ran.command(
            "run",
            "-e",
            ADULTS,
            "--data",
            data(),
            "--workers",
            "1",
            "--memory",
            "64MB",
            "--batch-rows",
            "1"));
  }

  @Test
  void jsonIsAnObjectALine() {
    assertEquals(
        new Ran(
            0,
            "{\"Name\":\"Cy\",\"Age\":45,\"Note\":\"says \\\"hi\\\"\"}\n"
                + "{\"Name\":\"Ng, Åsa\",\"Age\":31,\"Note\":null}\n",
            ""),
        Ran.command("-e", ADULTS, "--format", "json", "--data", data()));
  }

  @Test
  void aTerminalGetsATable() {
    Ran ran = Ran.with("", true, "-e", ADULTS, "--data", data());
    assertEquals(
        """
        Name    | Age | Note
        --------+-----+----------
        Cy      |  45 | says "hi"
        Ng, Åsa |  31 | NULL
        (2 rows, ? s)
        """,
        ran.out().replaceAll("\\d+\\.\\d\\d s", "? s"));
    assertEquals("", ran.err());
  }

  @Test
  void aTableShowsTheFirstThousandRows() {
    Ran ran = Ran.command("-e", "(series+ x 1 15000)", "--format", "table");
    List<String> lines = ran.out().lines().toList();
    assertEquals(1003, lines.size());
    assertEquals(
        "(the first 1,000 of 15,000 rows, ? s; csv, json and parquet have all of them)",
        lines.get(1002).replaceAll("\\d+\\.\\d\\d s", "? s"));
  }

  @Test
  void aFileAppearsWhenItIsComplete() throws Exception {
    Path out = folder.resolve("out.csv");
    Files.writeString(out, "old");
    assertEquals(
        new Ran(0, "", ""), Ran.command("-e", ADULTS, "--data", data(), "--out", out.toString()));
    assertEquals(
        "Name,Age,Note\nCy,45,\"says \"\"hi\"\"\"\n\"Ng, Åsa\",31,\n", Files.readString(out));
    assertEquals(List.of("out.csv", "people.csv"), names());
  }

  @Test
  void theEndingOfAFileIsItsFormat() throws Exception {
    for (String name : List.of("a.json", "a.ndjson", "a.parquet", "a.csv.gz", "a.tsv")) {
      Path out = folder.resolve(name);
      assertEquals(
          new Ran(0, "", ""), Ran.command("-e", ADULTS, "--data", data(), "--out", out.toString()));
      assertEquals(
          new Ran(0, "n\n2\n", ""),
          Ran.command(
              "-e",
              "(group+ [] [[n (count)]] (filter+ (>= Age 31) (table+ \"" + name + "\")))",
              "--data",
              data()),
          name);
    }
    assertTrue(Files.readString(folder.resolve("a.json")).startsWith("{\"Name\":\"Cy\""));
    assertTrue(Files.readString(folder.resolve("a.tsv")).startsWith("Name\tAge\tNote\n"));
  }

  @Test
  void aFailureLeavesNothingBehind() throws Exception {
    for (String format : List.of("csv", "json", "table", "parquet")) {
      Path out = folder.resolve("out." + format);
      Files.writeString(out, "old");
      Ran ran =
          Ran.command(
              "-e",
              "(bind+ [[Bad (/ 1 (- Age 45))]] (table+ \"people.csv\"))",
              "--data",
              data(),
              "--format",
              format,
              "--out",
              out.toString());
      assertEquals(1, ran.code());
      assertEquals("old", Files.readString(out));
      assertEquals(List.of("out." + format, "people.csv"), names());
      Files.delete(out);
    }
  }

  @Test
  void anOutputThatCannotBeIsOneLine() {
    String nowhere = folder.resolve("no/out.csv").toString();
    assertEquals(
        new Ran(1, "", "penstock: " + nowhere + ": cannot be written: its folder does not exist\n"),
        Ran.command("-e", ADULTS, "--data", data(), "--out", nowhere));
    assertEquals(
        new Ran(1, "", "penstock: " + folder + ": a folder; expected the name of a file\n"),
        Ran.command("-e", ADULTS, "--data", data(), "--out", data()));
  }

  @Test
  void aBadPlanIsOneLine() throws Exception {
    assertEquals(
        new Ran(1, "", "penstock: -e:1:2: unknown operator filtr+; did you mean filter+?\n"),
        Ran.command("-e", "(filtr+ (> Age 20) (table+ \"people.csv\"))"));
    assertEquals(
        new Ran(1, "", "penstock: stdin:1:13: unknown column Agee; did you mean Age?\n"),
        Ran.with(
            "(filter+ (> Agee 20) (table+ \"people.csv\"))", false, "run", "-", "--data", data()));
    Ran missing = Ran.command("-e", "(table+ \"nix.csv\")", "--data", data());
    assertEquals(new Ran(1, "", "penstock: -e:1:1: nix.csv: no such file or folder\n"), missing);
  }

  @Test
  void aPlanFileThatCannotBeReadIsOneLine() throws Exception {
    String nix = folder.resolve("nix.edn").toString();
    assertEquals(new Ran(1, "", "penstock: " + nix + ": no such file\n"), Ran.command("run", nix));
    assertEquals(
        new Ran(1, "", "penstock: " + folder + ": a folder; expected a file with a plan\n"),
        Ran.command("explain", data()));
    Path latin = folder.resolve("latin.edn");
    Files.write(latin, "(table+ \"Åsa.csv\")".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        new Ran(1, "", "penstock: " + latin + ": expected a plan in UTF-8, got other bytes\n"),
        Ran.command("run", latin.toString()));
    Path big = folder.resolve("big.edn");
    Files.writeString(big, " ".repeat((1 << 20) + 1));
    assertEquals(
        new Ran(
            1,
            "",
            "penstock: " + big + ": the text of a plan has at most 1 MiB, this one is longer\n"),
        Ran.command("run", big.toString()));
  }

  @Test
  void aWrongValueInAFileIsOneLineWithItsPlace() throws Exception {
    Files.writeString(folder.resolve("bad.csv"), "A,B\n1,2\nx,3\n");
    Ran ran =
        Ran.command(
            "-e", "(table+ \"bad.csv\" {:types {A :int64}})", "--format", "json", "--data", data());
    assertEquals(1, ran.code());
    assertEquals("", ran.out());
    assertEquals(
        "penstock: "
            + folder.resolve("bad.csv")
            + ":3: column A: expected int64, got 'x'; give :types {A :varchar} or :bad-rows :skip\n",
        ran.err());
  }

  @Test
  void functionsInATextAreRefused() {
    Ran ran =
        Ran.command(
            "-e", "(map+ #=(eval (System/exit 7)) (table+ \"people.csv\"))", "--data", data());
    assertEquals(1, ran.code());
    assertTrue(ran.err().startsWith("penstock: -e:1:7: "), ran.err());
    assertEquals(1, ran.err().lines().count());
  }

  @Test
  void explainAnalyzeRunsThePlanAndTellsWhatItDid() {
    Ran ran = Ran.command("explain", "--analyze", "-e", ADULTS, "--data", data());
    assertEquals("", ran.err());
    assertEquals(0, ran.code());
    List<String> lines = ran.out().lines().toList();
    assertTrue(lines.get(0).startsWith("operator "), ran.out());
    assertTrue(lines.get(1).startsWith("sort Name "), ran.out());
    assertTrue(lines.get(2).startsWith("  scan people.csv [Name Age Note] where "), ran.out());
    assertTrue(lines.get(2).endsWith(" 1 blocks, 61 B read"), ran.out());
    assertTrue(lines.get(3).startsWith("wall "), ran.out());
  }

  @Test
  void explainPrintsThePlanAndItsRules() {
    Ran ran = Ran.command("explain", "-e", ADULTS, "--data", data());
    assertEquals(0, ran.code());
    assertEquals("", ran.err());
    assertTrue(ran.out().contains("\nRules:\n  1. push-filter-into-scan\n"), ran.out());
    assertTrue(ran.out().contains("\nRewritten:\n"), ran.out());
  }

  @Test
  void wrongUsageIsOneLineAndTwo() {
    assertEquals(
        new Ran(
            2,
            "",
            "penstock: expected a command (sql, sparql, run, explain, repl, serve, top, token) or -e PLAN; see penstock --help\n"),
        Ran.command());
    assertEquals(
        new Ran(
            2,
            "",
            "penstock: --format: expected table, csv, json or parquet, got 'xml'; see penstock --help\n"),
        Ran.command("-e", ADULTS, "--format", "xml"));
    assertEquals(
        new Ran(2, "", "penstock: --format parquet needs --out FILE; see penstock --help\n"),
        Ran.command("-e", ADULTS, "--format", "parquet"));
    assertEquals(
        new Ran(2, "", "penstock: --workers: expected 1 to 1024, got 0; see penstock --help\n"),
        Ran.command("-e", ADULTS, "--workers", "0"));
    assertEquals(
        new Ran(2, "", "penstock: --data: no such folder: /no/where; see penstock --help\n"),
        Ran.command("run", "-e", ADULTS, "--data", "/no/where"));
    assertEquals(
        new Ran(
            2,
            "",
            "penstock: -e, --format, --out and --version belong behind the command 'run', or go without it; see penstock --help\n"),
        Ran.command("--format", "csv", "run", "-e", ADULTS));
    for (String[] args :
        List.of(
            new String[] {"run"},
            new String[] {"run", "a.edn", "-e", ADULTS},
            new String[] {"explain"},
            new String[] {"sell"},
            new String[] {"--no-such-option"},
            new String[] {"-e"},
            new String[] {"-e", ADULTS, "--memory", "much"},
            new String[] {"-e", ADULTS, "--batch-rows", "many"})) {
      Ran ran = Ran.command(args);
      assertEquals(2, ran.code(), String.join(" ", args));
      assertEquals("", ran.out());
      assertTrue(ran.err().matches("penstock: [^\\n]+; see penstock --help\\n"), ran.err());
    }
  }

  @Test
  void helpGoesToStandardOutput() {
    for (String[] args :
        List.of(
            new String[] {"--help"}, new String[] {"run", "--help"}, new String[] {"repl", "-h"})) {
      Ran ran = Ran.command(args);
      assertEquals(0, ran.code());
      assertEquals("", ran.err());
      assertTrue(ran.out().startsWith("Usage: penstock"), ran.out());
      assertTrue(ran.out().contains("--memory"), ran.out());
    }
    assertTrue(Ran.command("--help").out().contains("serve"));
  }

  @Test
  void theCapOfMemoryHolds() {
    Ran ran =
        Ran.command(
            "-e",
            "(sort+ [t] (bind+ [[t (concat \"a text of row \" (cast x :varchar))]] (series+ x 1 300000)))",
            "--memory",
            "2MB",
            "--spill",
            "none");
    assertEquals(1, ran.code());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertTrue(ran.err().startsWith("penstock: "), ran.err());
  }

  @Test
  void slowQueriesAreToldOf() {
    String plan = "(values+ [a] [[1]])";
    Ran ran = Ran.command("-e", plan, "--slow", "0.000000001");
    assertEquals(0, ran.code());
    String line =
        "penstock: slow query id=1 owner=- state=DONE seconds=[0-9.]+ planning=[0-9.]+"
            + " queued=0[.]000 busy=[0-9.]+ rows=1 peak-bytes=[0-9]+ spilled-bytes=0"
            + " plan=[0-9a-f]{64} error=- text=.*\\R";
    assertTrue(ran.err().matches(line), ran.err());
    assertEquals("", Ran.command("-e", plan, "--slow", "3600").err());
    assertEquals(2, Ran.command("-e", plan, "--slow", "0").code());
  }
}
