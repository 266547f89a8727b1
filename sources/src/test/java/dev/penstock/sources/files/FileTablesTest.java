package dev.penstock.sources.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.Scans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        "empty: the folder has no file of a known format (.csv .tsv .tbl .json .jsonl .ndjson"
            + " .parquet)",
        message(in, "empty"));
    assertEquals(
        "mixed: expected files of one format, got a.csv and b.json; narrow it by a glob such as"
            + " *.csv",
        message(in, "mixed"));
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
}
