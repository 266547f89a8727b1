package dev.penstock.sparql.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.store.RunWriter.Order;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class HeldRowsTest {
  private static final Comparator<long[]> BY_ALL =
      Comparator.<long[]>comparingLong(r -> r[0])
          .thenComparingLong(r -> r[1])
          .thenComparingLong(r -> r[2])
          .thenComparingLong(r -> r[3]);

  private final CancellationToken token = new CancellationToken();
  private final Budget budget = Budget.root("test", 64 << 20);

  private static long value(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> (long) random.nextInt(20) << 60;
      case 2 -> 1L << 60 | random.nextInt(100_000);
      default -> random.nextInt(3) - 1;
    };
  }

  private static List<long[]> read(Rows rows) {
    List<long[]> out = new ArrayList<>();
    while (rows.next()) {
      out.add(new long[] {rows.g, rows.a, rows.b, rows.c});
    }
    return out;
  }

  private static void assertSame(List<long[]> expected, List<long[]> actual, String what) {
    assertEquals(expected.size(), actual.size(), what);
    for (int i = 0; i < expected.size(); i++) {
      Assertions.assertArrayEquals(expected.get(i), actual.get(i), what + ", row " + i);
    }
  }

  /** Each order from the one before, as a load does it. */
  @Test
  void ordersAreThoseOfSignedNumbers() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      int n = random.nextInt(round == 0 ? 30_000 : 700);
      long graphs = random.nextInt(3);
      List<long[]> all = new ArrayList<>();
      try (Reservation memory = budget.open("rows");
          HeldRows rows = new HeldRows(memory, round % 2 == 0 ? 32 << 20 : 1 << 17)) {
        for (int i = 0; i < n; i++) {
          long g = graphs == 0 ? 7 : value(random) % graphs;
          long[] r = {g, value(random), value(random), value(random)};
          assertTrue(rows.hasRoom(1));
          rows.add(r[0], r[1], r[2], r[3]);
          all.add(r);
        }
        assertEquals(n, rows.rows());
        for (int part : new int[] {3, 2, 1, 0}) {
          rows.sort(part, token);
        }
        for (Order order : new Order[] {Order.SPO, Order.OSP, Order.POS}) {
          if (order != Order.SPO) {
            rows.sort(order == Order.OSP ? 3 : 2, token);
            rows.sort(0, token);
          }
          int k = order.ordinal();
          List<long[]> expected = new ArrayList<>();
          all.forEach(
              r ->
                  expected.add(
                      new long[] {r[0], r[1 + k % 3], r[1 + (k + 1) % 3], r[1 + (k + 2) % 3]}));
          expected.sort(BY_ALL);
          assertSame(expected, read(rows.turned(order)), "seed " + seed + ", " + order);
        }
      }
      assertEquals(0, budget.usedBytes());
    }
  }

  @Test
  void whatHasNoRoomIsHandedOutInOrder() {
    List<long[]> all = new ArrayList<>();
    try (Reservation memory = budget.open("rows");
        HeldRows rows = new HeldRows(memory, 64 * 1000)) {
      while (rows.hasRoom(10)) {
        for (int i = 0; i < 10; i++) {
          long[] r = {1, all.size(), 2, 3};
          rows.add(r[0], r[1], r[2], r[3]);
          all.add(r);
        }
      }
      assertEquals(1000, all.size());
      long full = budget.usedBytes();
      assertTrue(full >= 64 * 1000, full + " bytes");
      Supplier<LoadScan.Part> parts = rows.parts();
      assertTrue(budget.usedBytes() <= full / 2, budget.usedBytes() + " bytes");
      List<long[]> given = new ArrayList<>();
      for (LoadScan.Part p = parts.get(); p != null; p = parts.get()) {
        for (int i = 0; i < p.rows(); i++) {
          long[][] c = p.columns();
          given.add(new long[] {c[0][i], c[1][i], c[2][i], c[3][i]});
        }
      }
      assertSame(all, given, "parts");
      assertEquals(0, budget.usedBytes());
    }
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void sortingIsCancelled() {
    try (Reservation memory = budget.open("rows");
        HeldRows rows = new HeldRows(memory, 1 << 20)) {
      assertTrue(rows.hasRoom(2));
      rows.add(1, 1, 1, 1);
      rows.add(1, 2, 1, 1);
      token.cancel(CancellationToken.Reason.PERSON, "enough");
      Assertions.assertThrows(PenstockException.class, () -> rows.sort(1, token));
    }
  }
}
