package dev.penstock.sparql.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code [--queries 10000] [--seed 1]}: so many random queries from a seed on are compared with
 * Jena's engine. Exit code 1 when one differs.
 */
final class Main {
  private static final int STEP = 1000;

  private Main() {}

  public static void main(String[] args) {
    long queries = 10_000;
    long seed = 1;
    for (int i = 0; i + 1 < args.length; i += 2) {
      switch (args[i]) {
        case "--queries" -> queries = Long.parseLong(args[i + 1]);
        case "--seed" -> seed = Long.parseLong(args[i + 1]);
        default ->
            throw new IllegalArgumentException("expected --queries or --seed, got " + args[i]);
      }
    }
    List<String> wrong = new ArrayList<>();
    long compared = 0;
    for (long first = seed; first < seed + queries && wrong.isEmpty(); first += STEP) {
      long last = Math.min(first + STEP, seed + queries) - 1;
      compared += ArqTest.compare(first, last, wrong);
      System.out.println("seeds to " + last + ": " + compared + " queries were compared");
    }
    wrong.forEach(w -> System.out.println("\n" + w));
    System.exit(wrong.isEmpty() ? 0 : 1);
  }
}
