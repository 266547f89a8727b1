package dev.penstock.sources.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source.Decoder;
import dev.penstock.nodes.Source.Morsel;
import dev.penstock.nodes.Source.Request;
import dev.penstock.nodes.Source.Scan;
import dev.penstock.sources.Scans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways in which CSV files are written, found by looking or told by options. */
class CsvDialectTest {
  @TempDir Path folder;

  private CsvSource csv(String text, Map<String, ? extends @Nullable Object> options) {
    return csv(text.getBytes(StandardCharsets.UTF_8), options);
  }

  private CsvSource csv(byte[] text, Map<String, ? extends @Nullable Object> options) {
    try {
      Files.write(folder.resolve("t.csv"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    CsvOptions o = CsvOptions.parse("t.csv", options);
    return new CsvSource(
        List.of(CsvSource.file(folder.resolve("t.csv"), "t.csv", o).named("t.csv")), o);
  }

  private static String shape(CsvSource s) {
    return String.join(
        ", ", s.schema().fields().stream().map(f -> f.name() + " " + f.type()).toList());
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  private static String message(CsvSource s) {
    return assertThrows(PenstockException.class, () -> Scans.rows(s)).getMessage();
  }

  @Test
  void theDelimiterIsTheOneThatFits() {
    assertEquals("A int64, B varchar", shape(csv("A;B\n1;x,y\n2;z,w\n", Map.of())));
    assertEquals("A int64, B varchar", shape(csv("A|B\n1|x,y;\n2|z,w\n", Map.of())));
    assertEquals("A int64, B varchar", shape(csv("A\tB\n1\tx, y\n2\tz\n", Map.of())));
    assertEquals("A,B varchar", shape(csv("A,B\nx\n", Map.of("delimiter", ";"))));
    assertEquals("A;B varchar", shape(csv("A;B\nx;y\n", Map.of("delimiter", ","))));
    assertEquals("A int64", shape(csv("A\n1\n2\n", Map.of())));
    assertEquals("A int64, B int64", shape(csv("A\tB\n1\t2\n", Map.of("delimiter", "\\t"))));
    assertEquals("A varchar, B varchar", shape(csv("A\tB\nx;1\ty;2\n", Map.of("format", ":tsv"))));
  }

  @Test
  void aHeaderIsARecordOfNames() {
    assertEquals("column0 int64, column1 varchar", shape(csv("1,x\n2,y\n", Map.of())));
    assertEquals("Name varchar, City varchar", shape(csv("Name,City\nAnn,Rome\n", Map.of())));
    assertEquals("column0 varchar, column1 varchar", shape(csv("a,a\nAnn,Rome\n", Map.of())));
    assertEquals("A varchar, B varchar", shape(csv("A,B\n", Map.of())));
    assertEquals("1 int64, x varchar", shape(csv("1,x\n2,y\n", Map.of("header", true))));
    assertEquals(
        "column0 varchar, column1 varchar", shape(csv("A,B\n1,2\n", Map.of("header", false))));
    assertEquals(
        "A int64, A_1 int64, column2 int64, b \"c\" int64",
        shape(csv("A,A,,\"b \"\"c\"\"\"\n1,2,3,4\n", Map.of("header", true))));
  }

  @Test
  void columnsMayBeNamed() {
    Map<String, Object> names = Map.of("columns", List.of("X", "Y"));
    assertEquals("X int64, Y varchar", shape(csv("1,x\n2,y\n", names)));
    assertEquals("X int64, Y varchar", shape(csv("A,B\n1,x\n2,y\n", names)));
    assertEquals(List.of(row(1L, "x")), Scans.rows(csv("1|x|\n", names)));
    assertEquals(
        "t.csv: option :columns names 2 columns, but the first record has 3 fields",
        message(csv("1,2,3\n", names)));
  }

  @Test
  void linesMayBeSkippedAndCommentsLeftOut() {
    assertEquals(
        List.of(row(1L, "#x"), row(2L, "a\n#b"), row(3L, "c")),
        Scans.rows(
            csv(
                "made by \"x\n\nA,B\n#\"no, \"quote\n1,#x\r\n# y\r\n2,\"a\n#b\"\n3,c\n#end",
                Map.of("skip", 2, "comment", "#"))));
    assertEquals(
        List.of(row((Object) 1L), row((Object) null), row(2L)),
        Scans.rows(csv("A\n#c\r\n1\n\n2\n", Map.of("comment", "#"))));
  }

  @Test
  void quotesMayBeEscapedOtherwiseOrNotMeant() {
    assertEquals(
        List.of(row("a\"b,\\c", 1L)),
        Scans.rows(csv("A,B\n\"a\\\"b,\\\\c\",1\n", Map.of("escape", "\\"))));
    assertEquals(
        List.of(row("it's", 1L), row("x'y", 2L)),
        Scans.rows(csv("A,B\n'it''s',1\nx'y,2\n", Map.of("quote", "'"))));
    Map<String, @Nullable Object> none = new HashMap<>();
    none.put("quote", null);
    assertEquals(
        List.of(row("\"a", 1L), row("b\"\"", 2L)), Scans.rows(csv("A,B\n\"a,1\nb\"\",2\n", none)));
  }

  @Test
  void nullTextsAndTypes() {
    assertEquals(
        List.of(row(1L, null, null), row(null, "NA", "x"), row(2L, "", null), row(3L, "a", "N")),
        Scans.rows(
            csv(
                "A,B,C\n1,NA,\nNA,\"NA\",x\n2,\"\",-\n\"3\",a,N\n",
                Map.of("null", List.of("NA", "-")))));
    assertEquals(
        List.of(row(new BigDecimal("1.50"), 7, true), row(null, -1, false)),
        Scans.rows(
            csv(
                "A,B,C\n 1.5 ,7,yes\n\"\",-1,F\n",
                Map.of(
                    "types",
                    Map.of("A", List.of(":decimal", 10, 2), "B", ":int32", ":C", "boolean")))));
    assertEquals(
        "t.csv:3: column A: expected decimal(3,1), got '2.25'; give :types {A :varchar} or :bad-rows"
            + " :skip",
        message(csv("A\n1.20\n2.25\n", Map.of("types", Map.of("A", "decimal(3,1)")))));
    assertEquals(
        "t.csv: option :types names an unknown column 'Nmae'; did you mean 'Name'? (columns: Id"
            + " Name)",
        message(csv("Id,Name\n1,x\n", Map.of("types", Map.of("Nmae", "varchar")))));
  }

  @Test
  void lineEndsOfEveryKind() {
    for (String end : List.of("\n", "\r\n", "\r")) {
      for (int block : new int[] {16, 100}) {
        CsvSource s =
            csv(String.join(end, "A,B", "1,x", "", "2,y", "3,z"), Map.of("block-bytes", block));
        assertEquals(List.of(row(1L, "x"), row(2L, "y"), row(3L, "z")), Scans.rows(s));
      }
    }
  }

  @Test
  void marksAndEncodings() {
    String text = "Größe,n\nä,1\n";
    List<List<@Nullable Object>> rows = List.of(row("ä", 1L));
    assertEquals("Größe varchar, n int64", shape(csv("\uFEFF" + text, Map.of())));
    assertEquals(rows, Scans.rows(csv("\uFEFF" + text, Map.of())));
    for (String encoding : List.of("iso-8859-1", "utf-16", "utf-16le", "windows-1252")) {
      CsvSource s = csv(text.getBytes(Charset.forName(encoding)), Map.of("encoding", encoding));
      assertEquals("Größe", s.schema().field(0).name());
      assertEquals(rows, Scans.rows(s));
    }
    assertEquals(
        "t.csv:1: expected UTF-8, got UTF-16; give :encoding \"utf-16\"",
        message(csv(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE), Map.of())));
    assertEquals(
        "t.csv: option :encoding: expected the name of an encoding such as \"utf-8\" or"
            + " \"iso-8859-1\", got \"latin-99\"",
        assertThrows(PenstockException.class, () -> csv(text, Map.of("encoding", "latin-99")))
            .getMessage());
    byte[] latin = "A,B\nx,1\nä,2\ny,3\n".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(
        "t.csv:3: expected UTF-8 text in '\uFFFD,2'; correct the file or give :bad-rows :skip",
        message(csv(latin, Map.of())));
    assertEquals(
        List.of(row("x", 1L), row("y", 3L)), Scans.rows(csv(latin, Map.of("bad-rows", "skip"))));
  }

  @Test
  void aQuoteThatIsNotClosedNamesItsLine() {
    assertEquals(
        "t.csv:3: expected a closing quote before the end of the file in '2,\"y\\n3,z\\n'; correct"
            + " the file or give :bad-rows :skip",
        message(csv("A,B\n1,x\n2,\"y\n3,z\n", Map.of())));
  }

  @Test
  void linesAreCountedAcrossBlocks() {
    for (String end : List.of("\n", "\r\n", "\r")) {
      for (int rows : new int[] {0, 1, 50, 333}) {
        StringBuilder text = new StringBuilder("A,B" + end);
        for (int i = 0; i < rows; i++) {
          text.append(i).append(i % 3 == 0 ? ",\"two" + end + "lines\"" : ",one").append(end);
        }
        int line = 2 + rows + (rows + 2) / 3;
        text.append("oops,x").append(end);
        CsvSource s =
            csv(text.toString(), Map.of("block-bytes", 64, "types", Map.of("A", "int64")));
        assertEquals(
            "t.csv:"
                + line
                + ": column A: expected int64, got 'oops'; give :types {A :varchar} or :bad-rows"
                + " :skip",
            message(s));
      }
    }
  }

  @Test
  void aFieldMuchLongerThanABlock() {
    String huge = "quoted \"\"text\"\",\n".repeat(100_000);
    CsvSource s = csv("A,B\n1,\"" + huge + "\"\n2,x\n", Map.of("block-bytes", 1000));
    assertEquals(List.of(row(1L, huge.replace("\"\"", "\"")), row(2L, "x")), Scans.rows(s));
  }

  @Test
  void batchesOfEverySize() {
    for (int n : new int[] {0, 1, 2047, 2048, 2049, 4097}) {
      StringBuilder text = new StringBuilder("A,B\n");
      List<List<@Nullable Object>> expected = new ArrayList<>();
      for (long i = 0; i < n; i++) {
        text.append(i).append(",n").append(i).append('\n');
        expected.add(row(i, "n" + i));
      }
      Map<String, Object> types = Map.of("types", Map.of("A", "int64"));
      assertEquals(expected, Scans.rows(csv(text.toString(), types)));
    }
  }

  @Test
  void typesAreSampledWithinLargeFiles() {
    StringBuilder text = new StringBuilder("Id,Code\n");
    for (int i = 0; i < 400_000; i++) {
      text.append(i).append(',').append(i < 390_000 ? "" + i : "C" + i).append('\n');
    }
    assertEquals("Id int64, Code varchar", shape(csv(text.toString(), Map.of())));
  }

  @Test
  void aBudgetThatIsTooSmallIsALimit() {
    CsvSource s = csv("A,B\n" + "1,x\n".repeat(10_000), Map.of("block-bytes", 1 << 15));
    Budget budget = Budget.root("query", 10_000);
    QueryContext query = new QueryContext(new CancellationToken(), budget, Batch.ROWS);
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () -> Scans.forEach(s, Request.all(s.schema()), query, b -> {}));
    assertEquals(PenstockException.Category.LIMIT, e.category());
    assertTrue(e.getMessage().startsWith("blocks of t.csv needs "), e.getMessage());
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void theReaderWaitsForDecodersWhenTheBudgetIsFull() throws Exception {
    CsvSource s = csv("A,B\n" + "1,x\n".repeat(50_000), Map.of("block-bytes", 1 << 12));
    Budget budget = Budget.root("query", 80_000);
    QueryContext query = new QueryContext(new CancellationToken(), budget, 100);
    BlockingQueue<Optional<Morsel>> morsels = new LinkedBlockingQueue<>();
    ExecutorService io = Executors.newSingleThreadExecutor();
    long rows = 0;
    try (Scan scan = s.open(Request.all(s.schema()), query);
        Decoder d = scan.decoder()) {
      Future<?> reader =
          io.submit(
              () -> {
                Morsel m;
                do {
                  m = scan.next();
                  morsels.add(Optional.ofNullable(m));
                } while (m != null);
              });
      while (budget.usedBytes() <= 70_000 && !reader.isDone()) {
        Thread.onSpinWait(); // the reader goes on until the budget is full
      }
      for (Morsel m = morsels.take().orElse(null); m != null; m = morsels.take().orElse(null)) {
        d.begin(m);
        for (Batch b = d.next(); b != null; b = d.next()) {
          rows += b.count();
        }
      }
      reader.get();
    } finally {
      io.shutdownNow();
    }
    assertEquals(50_000, rows);
    assertEquals(0, budget.usedBytes());
    assertTrue(budget.peakBytes() > 70_000, "the budget was not full: " + budget.peakBytes());
  }

  @Test
  void aReaderThatWaitsIsWokenByCancelAndByClose() throws Exception {
    CsvSource s = csv("A,B\n" + "1,x\n".repeat(50_000), Map.of("block-bytes", 1 << 12));
    for (boolean cancel : new boolean[] {true, false}) {
      QueryContext query =
          new QueryContext(new CancellationToken(), Budget.root("query", 80_000), 100);
      ExecutorService io = Executors.newSingleThreadExecutor();
      Scan scan = s.open(Request.all(s.schema()), query);
      CountDownLatch full = new CountDownLatch(10);
      try {
        Future<Boolean> reader =
            io.submit(
                () -> {
                  while (scan.next() != null) {
                    full.countDown();
                  }
                  return true;
                });
        assertTrue(full.await(60, TimeUnit.SECONDS));
        if (cancel) {
          query.token().cancel(CancellationToken.Reason.PERSON, "stop");
          ExecutionException e =
              assertThrows(ExecutionException.class, () -> reader.get(60, TimeUnit.SECONDS));
          assertEquals("stop", e.getCause().getMessage());
        } else {
          scan.close();
          assertTrue(reader.get(60, TimeUnit.SECONDS));
        }
      } finally {
        io.shutdownNow();
        scan.close();
      }
      assertEquals(0, query.budget().usedBytes());
    }
  }
}
