package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.parquet.ParquetSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileResultsTest {
  private static final String ROWS =
      "(values+ [id name n] [[1 \"a,b\" 1.5M] [2 nil 2.5M] [3 \"\" nil] [4 \"q\\\"q\" 0.0M]])";

  @TempDir Path folder;
  private Engine engine;

  @BeforeEach
  void open() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2).withBaseDirectory(folder, true));
  }

  @AfterEach
  void close() throws IOException {
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
    try (Stream<Path> all = Files.walk(folder)) {
      assertEquals(List.of(), all.filter(p -> p.getFileName().toString().startsWith(".")).toList());
    }
  }

  private List<List<@Nullable Object>> rows(String plan) {
    try (Result result = engine.run(plan)) {
      return result.rows().stream().map(Arrays::asList).collect(Collectors.toList());
    }
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private long write(String plan, String file, Map<String, Object> options) {
    return engine.write(engine.run(plan), file, options);
  }

  private long append(String plan, String table, Map<String, Object> options) {
    return engine.append(engine.run(plan), table, options);
  }

  private static PenstockException fails(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(PenstockException.class, call);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.csv", "x.tsv", "x.csv.gz", "x.json", "x.jsonl.zst", "x.parquet"})
  void whatIsWrittenIsReadBack(String file) {
    assertEquals(4, write(ROWS, file, Map.of()));
    String typed = file.endsWith("parquet") ? "" : " {:types {n [:decimal 2 1]}}";
    assertEquals(rows(ROWS), rows("(table+ \"" + file + "\"" + typed + ")"));
    // an older file is replaced
    assertEquals(1, write("(values+ [a] [[7]])", file, Map.of()));
    assertEquals(List.of(List.of(7L)), rows("(table+ \"" + file + "\")"));
  }

  @Test
  void csvIsWrittenAsTheOptionsSay() throws IOException {
    write(ROWS, "a.csv", Map.of("delimiter", ";", "header", false, "null", "NA"));
    assertEquals("1;a,b;1.5\n2;NA;2.5\n3;\"\";NA\n4;\"q\"\"q\";0.0\n", text("a.csv"));
    write(ROWS, "b.txt", Map.of("format", "csv", "quote", "'", "quote-all", true));
    assertEquals("'id','name','n'\n1,'a,b',1.5\n2,,2.5\n3,'',\n4,'q\"q',0.0\n", text("b.txt"));
    write(ROWS, "c.csv", Map.of("escape", "\\", "delimiter", "|"));
    assertEquals("id|name|n\n1|a,b|1.5\n2||2.5\n3|\"\"|\n4|\"q\\\"q\"|0.0\n", text("c.csv"));
    write("(values+ [a] [[\"NA\"] [nil]])", "d.csv", Map.of("null", "NA"));
    assertEquals("a\n\"NA\"\nNA\n", text("d.csv"));
  }

  @Test
  void jsonMayBeAnArray() throws IOException {
    write("(values+ [a] [[1] [nil]])", "a.json", Map.of("array", true));
    assertEquals("[\n{\"a\":1},\n{\"a\":null}\n]\n", text("a.json"));
    write("(values+ [[a :int64]] [])", "b.json", Map.of("array", true));
    assertEquals("[]\n", text("b.json"));
    assertEquals(List.of(List.of(1L), Arrays.asList((Object) null)), rows("(table+ \"a.json\")"));
  }

  @Test
  void parquetTakesCompressionAndRowGroups() throws IOException {
    String numbers =
        "(bind+ [[text (concat \"a text of row \" (cast n :varchar))]] (series+ n 1 15000))";
    assertEquals(
        15_000,
        write(numbers, "a.parquet", Map.of("compression", "none", "row-group-rows", 1000L)));
    write(numbers, "b.parquet", Map.of("compression", "zstd"));
    assertTrue(
        Files.size(folder.resolve("b.parquet")) < Files.size(folder.resolve("a.parquet")) / 2);
    try (Result result = engine.run("(table+ \"a.parquet\")")) {
      assertEquals(15_000, result.drain());
      Profile.Scanned scanned = result.profile().operators().get(0).scan();
      assertEquals(15, java.util.Objects.requireNonNull(scanned).readPieces());
    }
  }

  @Test
  void wrongOptionsAndPlacesAreRefused() throws IOException {
    Files.createDirectory(folder.resolve("f"));
    assertEquals(
        "x.csv: unknown option :headr; did you mean 'header'? (known: :format :delimiter :quote"
            + " :escape :header :null :quote-all :compression)",
        fails(() -> write(ROWS, "x.csv", Map.of("headr", true))).getMessage());
    assertEquals(
        "x.parquet: option :compression: expected one of :none :uncompressed :snappy :zstd, got \"lz\"",
        fails(() -> write(ROWS, "x.parquet", Map.of("compression", "lz"))).getMessage());
    assertEquals(
        "option :delimiter: expected a character that is neither the quote nor part of numbers, got \".\"",
        fails(() -> write(ROWS, "x.csv", Map.of("delimiter", "."))).getMessage());
    assertEquals(
        "without quotes, CSV cannot hold the text \"a,b\"; give :quote",
        fails(() -> write(ROWS, "x.csv", Map.of("quote", ""))).getMessage());
    assertEquals(
        "x.dat: the ending does not tell the format (known: .csv .tsv .tbl .json .jsonl .ndjson"
            + " .parquet); give :format",
        fails(() -> write(ROWS, "x.dat", Map.of())).getMessage());
    assertEquals(
        "f: expected the name of a file, got a folder",
        fails(() -> write(ROWS, "f", Map.of("format", "csv"))).getMessage());
    assertEquals(
        "no/x.csv: cannot be written: its folder does not exist",
        fails(() -> write(ROWS, "no/x.csv", Map.of())).getMessage());
    assertEquals(
        "../x.csv: lies outside of the folder whose files may be written",
        fails(() -> write(ROWS, "../x.csv", Map.of())).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.csv", "x.json", "x.parquet"})
  void aQueryThatFailsLeavesTheOldFile(String file) {
    write(ROWS, file, Map.of());
    List<List<@Nullable Object>> before = rows("(table+ \"" + file + "\")");
    String failing = "(project+ [[x (quot 1 (- n 15000))]] (series+ n 1 15000))";
    assertEquals("division-by-zero", fails(() -> write(failing, file, Map.of())).code());
    assertEquals(before, rows("(table+ \"" + file + "\")"));
  }

  @ParameterizedTest
  @CsvSource({"x.csv", "x.csv.gz", "x.csv.zst", "x.tsv", "x.jsonl", "x.jsonl.gz"})
  void rowsAreAddedToASingleFile(String file) {
    write("(values+ [a b] [[1 \"x\"] [2 \"y\"]])", file, Map.of());
    assertEquals(2, append("(values+ [c d] [[3 \"z\"] [4 nil]])", file, Map.of()));
    assertEquals(1, append("(values+ [c d] [[5 \"a,\\t\\\"b\"]])", file, Map.of()));
    assertEquals(
        List.of(
            List.of(1L, "x"),
            List.of(2L, "y"),
            List.of(3L, "z"),
            Arrays.asList(4L, null),
            List.of(5L, "a,\t\"b")),
        rows("(table+ \"" + file + "\")"));
  }

  @Test
  void rowsAreAddedInTheStyleOfTheFile() throws IOException {
    Files.writeString(folder.resolve("s.csv"), "a;b\n1;'x;y'\n2;u");
    Map<String, Object> options = Map.of("quote", "'", "null", "NA");
    append("(values+ [a b] [[3 \"p;q\"] [nil \"v\"]])", "s.csv", options);
    assertEquals("a;b\n1;'x;y'\n2;u\n3;'p;q'\nNA;v\n", text("s.csv"));
    Files.writeString(folder.resolve("bare.csv"), "1,2\n3,4\n");
    append("(values+ [a b] [[5 6]])", "bare.csv", Map.of());
    assertEquals("1,2\n3,4\n5,6\n", text("bare.csv"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json", "parquet"})
  void aFolderGetsOneFileMore(String format) throws IOException {
    Files.createDirectory(folder.resolve("t"));
    write("(values+ [a b] [[1 \"x\"]])", "t/first." + format, Map.of());
    assertEquals(2, append("(values+ [c d] [[2 \"y\"] [3 nil]])", "t", Map.of()));
    assertEquals(1, append("(values+ [c d] [[4 \"z\"]])", "t", Map.of()));
    assertEquals(
        List.of(List.of(1L, "x"), List.of(2L, "y"), Arrays.asList(3L, null), List.of(4L, "z")),
        rows("(table+ \"t\")"));
    try (Stream<Path> files = Files.list(folder.resolve("t"))) {
      assertEquals(3, files.count());
    }
  }

  @Test
  void whatCannotBeAddedToIsRefused() throws IOException {
    write("(values+ [a] [[1]])", "x.parquet", Map.of());
    write("(values+ [a] [[1]])", "x.json", Map.of("array", true));
    write("(values+ [a] [[1]])", "x.csv", Map.of());
    assertEquals(
        "x.parquet: rows cannot be added to a Parquet file; make the table a folder of such files",
        fails(() -> append("(values+ [a] [[1]])", "x.parquet", Map.of())).getMessage());
    assertEquals(
        "x.json: rows cannot be added to a JSON array; one object a line is expected",
        fails(() -> append("(values+ [a] [[1]])", "x.json", Map.of())).getMessage());
    assertEquals(
        "*.csv: rows can be added to a folder or a file only, and this is none",
        fails(() -> append("(values+ [a] [[1]])", "*.csv", Map.of())).getMessage());
    assertEquals(
        "x.csv: column a expects int64, got varchar",
        fails(() -> append("(values+ [a] [[\"1\"]])", "x.csv", Map.of())).getMessage());
    assertEquals(
        "x.csv: the table has 1 columns, got 2",
        fails(() -> append("(values+ [a b] [[1 2]])", "x.csv", Map.of())).getMessage());
    assertEquals(
        "x.csv: rows cannot be added to a text that is not UTF-8",
        fails(() -> append("(values+ [a] [[1]])", "x.csv", Map.of("encoding", "latin1")))
            .getMessage());
    assertEquals("a\n1\n", text("x.csv"));
  }

  @Test
  void aColumnWithoutNullsTakesNone() throws IOException {
    Files.createDirectory(folder.resolve("t"));
    Schema strict = Schema.of(new Field("a", DataType.INT64, false));
    try (ParquetSink sink =
        ParquetSink.create(folder.resolve("t/first.parquet"), strict, engine.budget())) {
      sink.finish();
    }
    assertEquals(
        "t: column a expects a value in every row, got null in row 2 of the new rows",
        fails(() -> append("(values+ [[a :int64]] [[1] [nil]])", "t", Map.of())).getMessage());
    assertEquals(List.of(), rows("(table+ \"t\")"));
  }

  @Test
  void aTableMayBeAddedToItself() throws IOException {
    write("(values+ [a] [[1] [2]])", "x.csv", Map.of());
    assertEquals(2, append("(table+ \"x.csv\")", "x.csv", Map.of()));
    assertEquals("a\n1\n2\n1\n2\n", text("x.csv"));
  }
}
