package dev.penstock.sparql.term;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.jena.datatypes.TypeMapper;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A query's own terms, of which few have room on the heap. */
final class OwnTermsTest {
  private final Budget budget = Budget.root("test", 1 << 20);
  private DirectorySpill spill;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    spill = new DirectorySpill(folder, 1L << 30);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    assertEquals(0, budget.usedBytes());
    assertEquals(0, spill.heldBytes());
    try (Stream<Path> files = Files.walk(folder)) {
      assertEquals(List.of(), files.filter(f -> f.toString().contains("terms")).toList());
    }
    spill.close();
  }

  private static Node term(Random random, int different) {
    int number = random.nextInt(different);
    Random same = new Random(number);
    StringBuilder text = new StringBuilder().append(number);
    for (int n = same.nextInt(40); n > 0; n--) {
      text.appendCodePoint(same.nextInt(3) == 0 ? 0x1F600 + same.nextInt(64) : 'a' + n % 26);
    }
    String all = text.toString();
    return switch (number % 7) {
      case 0 -> NodeFactory.createURI("http://x/" + all);
      case 1 -> NodeFactory.createBlankNode(all);
      case 2 -> NodeFactory.createLiteralString(all);
      case 3 -> NodeFactory.createLiteralLang(all, "en");
      case 4 -> NodeFactory.createLiteralLang(all, "de-AT");
      case 5 -> NodeFactory.createLiteralDT(all, TypeMapper.getInstance().getSafeTypeByName("x:t"));
      default -> NodeFactory.createLiteralString("");
    };
  }

  @Test
  void termsHaveOneIndexEachOnTheHeapAndInFiles() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (OwnTerms terms = new OwnTerms(budget, spill)) {
      Map<Node, Integer> indices = new HashMap<>();
      List<Node> byIndex = new ArrayList<>();
      for (int i = 0; i < 60_000; i++) {
        Node term = term(random, 40_000);
        int index = terms.add(term);
        Integer before = indices.putIfAbsent(term, index);
        if (before == null) {
          assertEquals(byIndex.size(), index, () -> "seed " + seed + ", " + term);
          byIndex.add(term);
        } else {
          assertEquals(before, index, () -> "seed " + seed + ", " + term);
        }
      }
      assertEquals(byIndex.size(), terms.size());
      for (int i = 0; i < byIndex.size(); i++) {
        assertEquals(byIndex.get(i), terms.get(i), "seed " + seed);
        assertEquals(byIndex.get(i).toString(), terms.get(i).toString(), "seed " + seed);
      }
      assertFalse(terms.isNear());
      assertTrue(budget.usedBytes() <= 1 << 16, () -> "heap: " + budget.usedBytes());
      assertTrue(spill.heldBytes() > 1 << 20, () -> "files: " + spill.heldBytes());
    }
  }

  @Test
  void languagesAreEqualInBothCases() {
    fill();
    try (OwnTerms terms = new OwnTerms(budget, spill)) {
      int index = terms.add(NodeFactory.createLiteralLang("a", "en-GB"));
      assertEquals(index, terms.add(NodeFactory.createLiteralLang("a", "EN-gb")));
      assertFalse(terms.isNear());
    } finally {
      budget.release(1 << 20);
    }
  }

  /** Nothing is left of the budget. */
  private void fill() {
    budget.reserve(1 << 20, "others");
  }

  @Test
  void withoutAnyMemoryAllLieInFiles() {
    fill();
    try (OwnTerms terms = new OwnTerms(budget, spill)) {
      for (int i = 0; i < 10_000; i++) {
        assertEquals(i, terms.add(NodeFactory.createLiteralString("text " + i)));
      }
      assertEquals("\"text 9999\"", terms.get(9999).toString());
      assertEquals(0, terms.add(NodeFactory.createLiteralString("text 0")));
    } finally {
      budget.release(1 << 20);
    }
  }

  @Test
  void withoutFilesTheBudgetIsTheLimit() {
    try (OwnTerms terms = new OwnTerms(budget, null)) {
      PenstockException e =
          assertThrows(
              PenstockException.class,
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  terms.add(NodeFactory.createLiteralString("text " + i));
                }
              });
      assertEquals("memory-cap", e.code());
    }
  }

  @Test
  void theQuotaIsTheLimitOfFiles() {
    try (DirectorySpill small = new DirectorySpill(folder, 1 << 20);
        OwnTerms terms = new OwnTerms(budget, small)) {
      PenstockException e =
          assertThrows(
              PenstockException.class,
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  terms.add(NodeFactory.createLiteralString("text " + i));
                }
              });
      assertEquals("spill-quota", e.code());
      assertTrue(e.getMessage().startsWith("terms of the query needs"), e.getMessage());
      terms.close();
      assertEquals(0, small.heldBytes());
    }
  }

  @Test
  void aTermMayBeLargerThanAPiece() {
    fill();
    try (OwnTerms terms = new OwnTerms(budget, spill)) {
      List<Node> large = new ArrayList<>();
      for (int bytes : new int[] {1, (1 << 18) - 2, 1, 1 << 18, 3 << 20, 1, 70 << 20, 1, 5}) {
        large.add(NodeFactory.createLiteralString(large.size() + "x".repeat(bytes)));
      }
      large.forEach(terms::add);
      for (int i = 0; i < large.size(); i++) {
        assertEquals(large.get(i), terms.get(i));
        assertEquals(i, terms.add(large.get(i)));
      }
    } finally {
      budget.release(1 << 20);
    }
  }

  @Test
  void restKeepsWhatWasThereBefore() {
    assumeFalse(Boolean.getBoolean(OwnTerms.ALL_FAR));
    try (OwnTerms terms = new OwnTerms(budget, spill)) {
      Node first = NodeFactory.createURI("http://x/first");
      assertEquals(0, terms.add(first));
      for (int run = 0; run < 3; run++) {
        for (int i = 0; i < 2_000; i++) {
          assertEquals(1 + i, terms.add(NodeFactory.createLiteralString(run + " " + i)));
        }
        assertEquals(NodeFactory.createLiteralString(run + " 1999"), terms.get(2000));
        assertTrue(spill.heldBytes() > 0);
        terms.rest(1);
        assertEquals(0, spill.heldBytes());
        assertEquals(0, budget.usedBytes());
        assertEquals(1, terms.size());
        terms.resume();
        assertEquals(0, terms.add(first));
        assertEquals(first, terms.get(0));
      }
    }
  }

  /** Most of what may go wrong does so where the first term goes to the files. */
  @Test
  void threadsThatAddTheSameTermsGetTheSameIndices() throws Exception {
    int threads = 4;
    int count = 512;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 150; round++) {
        try (OwnTerms terms = new OwnTerms(budget, spill)) {
          CyclicBarrier start = new CyclicBarrier(threads);
          List<Future<int[]>> all = new ArrayList<>();
          for (int t = 0; t < threads; t++) {
            int shift = t;
            all.add(pool.submit(() -> indices(terms, count, shift, start)));
          }
          int[] first = all.get(0).get();
          for (Future<int[]> other : all) {
            assertArrayEquals(first, other.get());
          }
          assertFalse(terms.isNear());
          assertEquals(count, terms.size());
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static int[] indices(OwnTerms terms, int count, int shift, CyclicBarrier start)
      throws Exception {
    int[] out = new int[count];
    start.await();
    for (int i = 0; i < count; i++) {
      int k = i / 4 * 4 + (i + shift) % 4; // not in the same order, and never far apart
      Node term = NodeFactory.createLiteralString("t" + k);
      out[k] = terms.add(term);
      assertEquals(term, terms.get(out[k]));
    }
    return out;
  }
}
