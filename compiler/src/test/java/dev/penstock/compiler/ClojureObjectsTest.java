package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clojure.java.api.Clojure;
import clojure.lang.ISeq;
import clojure.lang.PersistentQueue;
import clojure.lang.RT;
import clojure.lang.Util;
import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that functions of a plan make, through blocks on disk. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ClojureObjectsTest {
  private static final String VALUES =
      """
      (defrecord Point [x y])
      (def values
        [nil :a :b/c 'd 'e/f \\g "h" 1 2.5 3N 1/3 4M -12345678901234567890N true
         [] [1 :two "three" nil] [[1 [2 [3]]]] (subvec [1 2 3 4] 1 3) (vector-of :long 1 2)
         (first {:k :v}) {} {:a 1 'b [2]} {nil nil} (zipmap (range 40) (map str (range 40)))
         (sorted-map 3 :c 1 :a) #{} #{1 :a "b" nil} (set (range 50)) (sorted-set 5 1 3)
         '() '(1 2 (3)) (map inc [1 2]) (range 3) (cons 1 [2]) (seq "abc") (seq {:a 1}) (lazy-seq nil)
         (into clojure.lang.PersistentQueue/EMPTY [1 :b])
         #inst "2020-01-02T03:04:05.678-00:00" #uuid "3e7b5d2c-0000-4000-8000-00000000000a"
         (->Point 1 [:p]) (assoc (->Point nil 2) :more {:in (->Point 3 4)})
         [{:rows [(->Point 1 2) (->Point 1 2)] :ratio 1/7}]])
      values
      """;

  @TempDir Path directory;

  private static Object eval(String text) {
    return Clojure.var("clojure.core", "load-string")
        .invoke("(ns dev.penstock.compiler.objects-test)\n" + text);
  }

  private Object[] back(Object[] values) {
    ClojureObjects.allow();
    long[] nulls = new long[(values.length + 63) / 64];
    for (int i = 0; i < values.length; i++) {
      nulls[i >> 6] |= values[i] == null ? 1L << i : 0;
    }
    Column column = new ObjectColumn(DataType.ANY, values, nulls, values.length);
    try (DirectorySpill space = new DirectorySpill(directory, 1L << 30);
        SpillFile file = space.create("objects", new CancellationToken())) {
      Batch read = file.read(file.write(Batch.of(values.length, column)));
      return ((ObjectColumn) read.column(0)).values();
    }
  }

  @AfterEach
  void nothingIsLeftOnDisk() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void whatComesBackIsEqualAndOfItsKind() {
    Object[] values = RT.toArray(eval(VALUES));
    Object[] back = back(values);
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value == null) {
        assertNull(back[i]);
        continue;
      }
      assertTrue(Util.equiv(value, back[i]), value + " came back as " + back[i]);
      assertEquals(Util.hasheq(value), Util.hasheq(back[i]), "" + value);
      if (!(value instanceof PersistentQueue)) {
        assertEquals(RT.printString(value), RT.printString(back[i]));
      }
      if (value instanceof ISeq) {
        assertTrue(back[i] instanceof ISeq, "" + value);
      } else if (!value.getClass().getName().matches(".*(SubVector|core.Vec)")) {
        assertEquals(value.getClass(), back[i].getClass());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(sorted-map-by > 1 :a) | it is sorted by a function",
        "(sorted-set-by > 1) | it is sorted by a function",
        "(range) | a sequence of more than 10000000 items",
        "(atom 1) | Class is not registered: clojure.lang.Atom"
      })
  void whatCannotBeSpilledIsSaid(String valueAndReason) {
    String[] parts = valueAndReason.split(" \\| ");
    Object value = eval(parts[0]);
    PenstockException e = assertThrows(PenstockException.class, () -> back(new Object[] {value}));
    assertEquals(PenstockException.Category.UNSUPPORTED, e.category());
    assertEquals("spill-objects", e.code());
    assertEquals(
        "a "
            + value.getClass().getName()
            + " cannot be spilled: "
            + parts[1]
            + "; allow its class, or raise the memory cap",
        e.getMessage());
  }

  private static final String ITEM =
      "(fn [row] (let [n (:n row)] {:id n :tags [:even (even? n)] :half (/ n 2)"
          + " :name (symbol (str \"n\" n)) :set #{n (- n)} :seq (map inc [n n])}))";

  /** Plans over rows that are objects; each makes one number of all of them. */
  // with caps of its own, one of which is ample
  @Tag("ample")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(list 'map+ %s '(series+ n 1 20000))",
        "(list 'pmap+ %s '(series+ n 1 20000))",
        "(list 'mapcat+ (fn [item] [item item]) (list 'map+ %s '(series+ n 1 10000)))",
        "(list 'let-stream+ ['x (list 'map+ %s '(series+ n 1 20000))] '(mux+ x x))",
        "(list 'union+ (list 'map+ %1$s '(series+ n 1 10000)) (list 'map+ %1$s '(series+ n 1 9)))",
        "(list 'map+ (fn [a] a) (list 'preduce+ {:init (fn [] {:s 0})"
            + " :step (fn [a i] (update a :s + (* 2 (:half i)))) :merge (fn [a b] (merge-with + a b))}"
            + " (list 'pmap+ %s '(series+ n 1 20000))))"
      })
  void streamsOfObjectsFlowThroughDisk(String text) throws Exception {
    Object form = eval(text.formatted(ITEM));
    String expected = digest(form, 1L << 30, false);
    Engine least = Engine.create();
    long cap = least.leastMemoryBytes(least.prepare(form));
    if (text.contains("preduce+")) {
      cap += 1 << 16; // the accumulator, which no operator knows beforehand
    }
    least.close();
    assertEquals(expected, digest(form, cap, false), "under the least cap");
    assertEquals(expected, digest(form, 1L << 30, true), "while the heap is tight");
    assertEquals(expected, digest(form, cap, true), "both");
  }

  /** The number of items, and the sum of their hashes: order does not count. */
  private String digest(Object form, long cap, boolean tight) throws Exception {
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(2)
            .withMemoryBytes(cap)
            .withSpillTo(new EngineOptions.SpillTo(directory, 1L << 32));
    try (Engine engine = Engine.create(options, tight ? 3 : 0, () -> tight);
        Result result = engine.run(engine.prepare(form))) {
      if (tight) {
        CountDownLatch ended = new CountDownLatch(1);
        result.whenEnded(ended::countDown);
        assertTrue(ended.await(60, TimeUnit.SECONDS), "it goes ahead of its reader");
      }
      long hashes = 0;
      long items = 0;
      for (@Nullable Object[] row : result.rows()) {
        hashes += Util.hasheq(row[0]);
        items++;
      }
      long outOfHeap = result.profile().pressure().outOfHeapBytes();
      if (!tight) {
        assertEquals(0, outOfHeap, result.profile().text());
      } else if (items >= 10_000 && cap <= 1 << 24) {
        assertTrue(outOfHeap > items, result.profile().text());
      }
      return items + " items, " + hashes;
    }
  }
}
