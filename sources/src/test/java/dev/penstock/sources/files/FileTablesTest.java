package dev.penstock.sources.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sources.Scans;
import dev.penstock.sources.StatisticsCheck;
import dev.penstock.sources.parquet.ParquetSink;
import dev.penstock.sources.parquet.ParquetSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTablesTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("in/data/deep/deeper"));
    Files.createDirectories(folder.resolve("in/empty"));
    file("in/data/b.csv", "A,B\n3,x\n");
    file("in/data/a.csv", "A,B\n1,x\n2,y\n");
    file("in/data/c.csv", "B,A\nz,4\n");
    file("in/data/_SUCCESS", "");
    file("in/data/.hidden.csv", "A,B\n9,9\n");
    file("in/data/deep/d.csv", "A,B\n5,\n");
    file("in/data/deep/deeper/e.csv", "A,B\n6,\n");
    file("in/people.json", "[{\"A\":7}]");
    file("in/notes.txt", "A;B\n8;9\n");
    file("in/mixed/a.csv", "A\n1\n");
    file("in/mixed/b.json", "{}");
    file("secret.csv", "A\n1\n");
  }

  private void file(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
  }

  private List<List<@Nullable Object>> rows(String text) {
    return Scans.rows(FileTables.at(folder.resolve("in")).table(text, Map.of()));
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  private String message(FileTables tables, String text) {
    return assertThrows(PenstockException.class, () -> tables.table(text, Map.of()).schema())
        .getMessage();
  }

  @Test
  void aFolderIsItsFilesByName() {
    assertEquals(List.of(row(1L, "x"), row(2L, "y"), row(3L, "x"), row(4L, "z")), rows("data"));
    assertEquals(rows("data"), rows("data/"));
    assertEquals(rows("data"), rows(folder.resolve("in/data").toString()));
  }

  @Test
  void globs() {
    assertEquals(4, rows("data/*.csv").size());
    assertEquals(List.of(row(3L, "x"), row(4L, "z")), rows("data/[bc].csv"));
    assertEquals(List.of(row(1L, "x"), row(2L, "y"), row(3L, "x")), rows("data/{a,b}.csv"));
    assertEquals(List.of(row(3L, "x")), rows("data/b.cs?"));
    assertEquals(6, rows("data/**.csv").size());
    assertEquals(6, rows("data/**/*.csv").size());
    assertEquals(List.of(row(5L, null)), rows("data/deep/*.csv"));
    assertEquals(6, rows(folder.resolve("in") + "/data/**/*.csv").size());
    assertEquals(List.of(row(9L, 9L)), rows("data/.*.csv"));
  }

  @Test
  void theFormatIsTheEndingOrTheOption() {
    assertEquals(List.of(row(7L)), rows("people.json"));
    assertEquals(
        List.of(row(8L, 9L)),
        Scans.rows(
            FileTables.at(folder.resolve("in")).table("notes.txt", Map.of(":format", ":csv"))));
    FileTables in = FileTables.at(folder.resolve("in"));
    assertEquals(
        folder.resolve("in/notes.txt")
            + ": the ending does not tell the format (known: .csv .tsv .tbl .json .jsonl .ndjson"
            + " .parquet); give :format",
        message(in, "notes.txt"));
    assertEquals(
        "data: unknown format cvs; did you mean 'csv'? (known: csv json parquet)",
        assertThrows(PenstockException.class, () -> in.table("data", Map.of("format", "cvs")))
            .getMessage());
  }

  @Test
  void whatIsNotThereIsSaidClearly() {
    FileTables in = FileTables.at(folder.resolve("in"));
    assertEquals(
        "peple.json: no such file or folder; did you mean 'people.json'?",
        message(in, "peple.json"));
    assertEquals("data/*.parquet: no file matches", message(in, "data/*.parquet"));
    assertEquals(
        "https://example.org/a.csv: files are read from this machine only; fetch it first",
        message(in, "https://example.org/a.csv"));
    assertEquals(
        "empty: the folder has no file of a known format (.csv .tsv .tbl .json .jsonl .ndjson"
            + " .parquet)",
        message(in, "empty"));
    assertEquals(
        "mixed: expected files of one format, got a.csv and b.json; narrow it by a glob such as"
            + " *.csv",
        message(in, "mixed"));
  }

  /** Opening a FIFO that nobody writes would never end. */
  @Test
  void aPipeIsNoTable() throws Exception {
    Path fifo = folder.resolve("in/fifo.csv");
    Process made;
    try {
      made = new ProcessBuilder("mkfifo", fifo.toString()).start();
    } catch (IOException e) {
      return; // there are none here
    }
    assertEquals(0, made.waitFor());
    assertEquals(
        "fifo.csv: expected a file or a folder, got a pipe or a device; a table is read more than"
            + " once, so copy it to a file first",
        message(FileTables.at(folder.resolve("in")), "fifo.csv"));
  }

  @Test
  void anEmptyFileSaysSo() throws IOException {
    file("in/none.csv", "");
    FileTables in = FileTables.at(folder.resolve("in"));
    assertEquals(
        folder.resolve("in/none.csv")
            + " is empty: expected a header line at least; name the columns by :columns [...]",
        message(in, "none.csv"));
    assertEquals(
        List.of(),
        Scans.rows(in.table("none.csv", Map.of("columns", List.of("A"), "header", false))));
  }

  @Test
  void otherColumnsInAFurtherFileAreAnError() throws IOException {
    file("in/parts/a.csv", "A,B\n1,2\n");
    file("in/parts/b.csv", "A,C\n1,2\n");
    assertEquals(
        folder.resolve("in/parts/b.csv")
            + ":1: expected the columns of the first file, A B, got A C",
        assertThrows(PenstockException.class, () -> rows("parts")).getMessage());
  }

  @Test
  void aConfinedFolderIsNotLeft() throws IOException {
    FileTables in = FileTables.confinedTo(folder.resolve("in"));
    assertEquals(4, Scans.rows(in.table("data", Map.of())).size());
    assertEquals(4, Scans.rows(in.table("data/*.csv", Map.of())).size());
    Files.createSymbolicLink(folder.resolve("in/link.csv"), folder.resolve("secret.csv"));
    Files.createSymbolicLink(folder.resolve("in/data/link.csv"), folder.resolve("secret.csv"));
    for (String text :
        List.of(
            "../secret.csv",
            folder.resolve("secret.csv").toString(),
            "link.csv",
            "data/*.csv",
            "../*.csv",
            "data/../../*.csv",
            "/*",
            "..",
            "../nothing.csv")) {
      assertEquals(
          text + ": lies outside of the folder whose files may be read", message(in, text), text);
    }
  }

  private void old(String name) throws IOException {
    Path p = folder.resolve(name);
    FileTime before = Files.getLastModifiedTime(p);
    Files.setLastModifiedTime(p, FileTime.from(before.toInstant().minusSeconds(60)));
  }

  @Test
  void aTableIsOpenedOnceAsLongAsItsFileStaysTheSame() throws IOException {
    FileTables in = FileTables.at(folder.resolve("in"));
    old("in/data/a.csv");
    Source first = in.table("data/a.csv", Map.of());
    assertSame(first, in.table("data/a.csv", Map.of()));
    assertNotSame(first, in.table("data/a.csv", Map.of("header", false)));
    assertNotSame(first, in.table("data/./a.csv", Map.of()), "messages call it otherwise");
    assertEquals(2, Scans.rows(first).size());

    file("in/data/a.csv", "A,B\n1,x\n2,y\n3,z\n");
    old("in/data/a.csv");
    Source second = in.table("data/a.csv", Map.of());
    assertNotSame(first, second);
    assertEquals(3, Scans.rows(second).size());
    assertSame(second, in.table("data/a.csv", Map.of()));
  }

  @Test
  void aFileOfTheSameSizeAndTimeInThePlaceOfAnotherIsSeen() throws IOException {
    FileTables in = FileTables.at(folder.resolve("in"));
    old("in/data/a.csv");
    assertEquals(List.of(row(1L, "x"), row(2L, "y")), rows(in, "data/a.csv"));
    FileTime time = Files.getLastModifiedTime(folder.resolve("in/data/a.csv"));
    file("in/new.csv", "A,B\n7,x\n8,y\n");
    Files.setLastModifiedTime(folder.resolve("in/new.csv"), time);
    Files.move(
        folder.resolve("in/new.csv"),
        folder.resolve("in/data/a.csv"),
        StandardCopyOption.REPLACE_EXISTING);
    assertEquals(List.of(row(7L, "x"), row(8L, "y")), rows(in, "data/a.csv"));
    // written to in place, and the time set back
    old("in/data/a.csv");
    time = Files.getLastModifiedTime(folder.resolve("in/data/a.csv"));
    assertEquals(List.of(row(7L, "x"), row(8L, "y")), rows(in, "data/a.csv"));
    file("in/data/a.csv", "A,B\n5,x\n6,y\n");
    Files.setLastModifiedTime(folder.resolve("in/data/a.csv"), time);
    assertEquals(List.of(row(5L, "x"), row(6L, "y")), rows(in, "data/a.csv"));
  }

  private static List<List<@Nullable Object>> rows(FileTables in, String text) {
    return Scans.rows(in.table(text, Map.of()));
  }

  @Test
  void whatWasWrittenJustNowIsNotKept() {
    FileTables in = FileTables.at(folder.resolve("in"));
    assertNotSame(in.table("data/b.csv", Map.of()), in.table("data/b.csv", Map.of()));
  }

  @Test
  void aNewFileInAFolderIsSeenAndFootersAreReadOnce() throws IOException {
    Files.createDirectories(folder.resolve("in/parts"));
    parquet("in/parts/a.parquet", 3);
    FileTables in = FileTables.at(folder.resolve("in"));
    ParquetSource one = (ParquetSource) in.table("parts", Map.of());
    assertSame(one, in.table("parts", Map.of()));
    parquet("in/parts/b.parquet", 4);
    ParquetSource two = (ParquetSource) in.table("parts", Map.of());
    assertEquals(7, two.rowCount());
    assertSame(one.files().get(0), two.files().get(0));
    ParquetSource same = (ParquetSource) in.table("parts/b.parquet", Map.of());
    assertSame(two.files().get(1), same.files().get(0));
  }

  private void parquet(String name, int rows) throws IOException {
    Schema schema = Schema.of(new Field("n", DataType.INT64, false));
    try (Budget budget = Budget.root("sink", 1L << 28);
        ParquetSink sink = ParquetSink.create(folder.resolve(name), schema, budget)) {
      sink.write(Batch.of(rows, new LongColumn(DataType.INT64, new long[rows], null, rows)));
      sink.finish();
    }
    old(name);
  }

  @Test
  void aParquetFileThatChangesUnderAnOpenTableIsRefused() throws IOException {
    parquet("in/x.parquet", 5);
    FileTables in = FileTables.at(folder.resolve("in"));
    Source x = in.table("x.parquet", Map.of());
    assertEquals(5, Scans.rows(x).size());
    Files.setLastModifiedTime(folder.resolve("in/x.parquet"), FileTime.fromMillis(1_000_000));
    assertEquals(
        folder.resolve("in/x.parquet") + ": it was written to after it was opened; open it again",
        assertThrows(PenstockException.class, () -> Scans.rows(x)).getMessage());
    assertEquals(5, Scans.rows(in.table("x.parquet", Map.of())).size());
  }

  @Test
  void keysAreDeclared() {
    FileTables in = FileTables.at(folder.resolve("in"));
    Source s = in.table("data/a.csv", Map.of("keys", List.of(List.of("A"), List.of("B", "A"))));
    assertEquals(List.of(List.of("A"), List.of("B", "A")), s.statistics().keys());
    StatisticsCheck.check(s, Scans.rows(s));
    assertEquals(List.of(), in.table("data/a.csv", Map.of("keys", List.of())).statistics().keys());
    assertEquals(
        "data/a.csv: option :keys: unknown column Ab; did you mean 'A'? (known: A B)",
        keyMessage(in, List.of(List.of("Ab"))));
    String expected =
        "data/a.csv: option :keys: expected lists of columns such as [[id] [name day]], got ";
    assertEquals(expected + "A", keyMessage(in, List.of("A")));
    assertEquals(expected + "[[]]", keyMessage(in, List.of(List.of())));
    assertEquals(expected + "3", keyMessage(in, List.of(List.of(3))));
    assertEquals(expected + "true", keyMessage(in, true));
  }

  private static String keyMessage(FileTables in, Object keys) {
    return assertThrows(PenstockException.class, () -> in.table("data/a.csv", Map.of("keys", keys)))
        .getMessage();
  }

  @Test
  void nothingIsKeptWithoutRoom() throws IOException {
    old("in/data/a.csv");
    FileTables in = FileTables.at(folder.resolve("in")).keeping(1000);
    assertNotSame(in.table("data/a.csv", Map.of()), in.table("data/a.csv", Map.of()));
  }
}
