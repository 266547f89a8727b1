package dev.penstock.benchmarks.sparql;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;

/**
 * Triples about a market: products with types, features and producers, offers of vendors, reviews
 * of people who know each other. The same for the same size, on any machine.
 *
 * <pre>
 * type n  -subTypeOf-> type n/4
 * product -type-> type, -producer->, -feature-> (3), label, size, weight
 * offer   -product->, -vendor->, price, days, until      (4 a product)
 * review  -reviewOf->, -reviewer->, rating, day          (2 a product)
 * person  -knows-> (3), name, country                    (a product has half of one)
 * </pre>
 */
final class Market {
  static final String NAMES = "http://market.example/";

  private static final String XSD = "http://www.w3.org/2001/XMLSchema#";
  private static final int TRIPLES_OF_PRODUCT = 43;
  private static final int COUNTRIES = 20;
  private static final int TYPES = 200;
  private static final int FEATURES = 1000;

  private final int products;
  private long state = 42;
  private long triples;

  private Market(int products) {
    this.products = products;
  }

  /** How many products there are among about so many triples. */
  static int products(long triples) {
    return (int) Math.max(100, triples / TRIPLES_OF_PRODUCT);
  }

  static int people(long triples) {
    return products(triples) / 2;
  }

  /** Writes them as N-Triples; how many there are. */
  static long write(Path file, long aboutTriples) {
    Market market = new Market(products(aboutTriples));
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      market.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return market.triples;
  }

  /** The next number below a bound: splitmix64. */
  private int next(int bound) {
    state += 0x9E3779B97F4A7C15L;
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (int) Math.floorMod(z ^ (z >>> 31), (long) bound);
  }

  private void name(BufferedWriter out, String subject, String predicate, String object)
      throws IOException {
    line(out, subject, predicate, '<' + NAMES + object + '>');
  }

  private void text(BufferedWriter out, String subject, String predicate, String value)
      throws IOException {
    line(out, subject, predicate, '"' + value + '"');
  }

  private void typed(
      BufferedWriter out, String subject, String predicate, Object value, String type)
      throws IOException {
    line(out, subject, predicate, "\"" + value + "\"^^<" + XSD + type + '>');
  }

  private void line(BufferedWriter out, String subject, String predicate, String object)
      throws IOException {
    out.write('<' + NAMES + subject + "> <" + NAMES + predicate + "> " + object + " .\n");
    triples++;
  }

  private void write(BufferedWriter out) throws IOException {
    int producers = Math.max(10, products / 50);
    int vendors = Math.max(10, products / 100);
    int people = products / 2;
    for (int i = 1; i < TYPES; i++) {
      name(out, "type" + i, "subTypeOf", "type" + i / 4);
    }
    for (int i = 0; i < producers; i++) {
      name(out, "producer" + i, "country", "country" + next(COUNTRIES));
    }
    for (int i = 0; i < vendors; i++) {
      name(out, "vendor" + i, "country", "country" + next(COUNTRIES));
    }
    for (int i = 0; i < people; i++) {
      String person = "person" + i;
      text(out, person, "name", "Person " + i);
      name(out, person, "country", "country" + next(COUNTRIES));
      for (int k = 0; k < 3; k++) {
        // people near each other know each other, so there are circles
        name(out, person, "knows", "person" + Math.floorMod(i + 1 + next(8), people));
      }
    }
    for (int i = 0; i < products; i++) {
      product(out, i, producers);
      for (int k = 0; k < 4; k++) {
        offer(out, 4 * i + k, i, vendors);
      }
      for (int k = 0; k < 2; k++) {
        review(out, 2 * i + k, people);
      }
    }
  }

  private void product(BufferedWriter out, int i, int producers) throws IOException {
    String product = "product" + i;
    name(out, product, "type", "type" + (TYPES / 2 + next(TYPES / 2)));
    name(out, product, "producer", "producer" + next(producers));
    text(out, product, "label", "Product " + i + " of series " + next(1000));
    typed(out, product, "size", next(1000), "integer");
    typed(out, product, "weight", next(1000), "integer");
    int first = next(FEATURES);
    for (int k = 0; k < 3; k++) {
      name(out, product, "feature", "feature" + (first + k * 7) % FEATURES);
    }
  }

  private void offer(BufferedWriter out, int i, int product, int vendors) throws IOException {
    String offer = "offer" + i;
    name(out, offer, "product", "product" + product);
    name(out, offer, "vendor", "vendor" + next(vendors));
    int cents = 100 + next(100_000);
    typed(out, offer, "price", cents / 100 + "." + (char) ('0' + cents / 10 % 10) + '5', "decimal");
    typed(out, offer, "days", 1 + next(14), "integer");
    typed(out, offer, "until", LocalDate.of(2026, 1, 1).plusDays(next(365)), "date");
  }

  private void review(BufferedWriter out, int i, int people) throws IOException {
    String review = "review" + i;
    name(out, review, "reviewOf", "product" + next(products));
    name(out, review, "reviewer", "person" + next(people));
    typed(out, review, "rating", 1 + next(10), "integer");
    typed(out, review, "day", LocalDate.of(2025, 1, 1).plusDays(next(365)), "date");
  }
}
