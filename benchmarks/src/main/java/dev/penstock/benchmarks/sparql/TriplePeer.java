package dev.penstock.benchmarks.sparql;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;

/** An engine that answers SPARQL over triples that it has loaded. Blocking, for one thread. */
interface TriplePeer extends AutoCloseable {
  String name();

  /** Loads a file of N-Triples into the default graph. */
  void load(Path file) throws Exception;

  /** All solutions, each as a line: for comparison. */
  List<String> rows(String query) throws Exception;

  /** Reads all solutions, and drops them; how many there were. */
  long count(String query) throws Exception;

  @Override
  void close() throws Exception;

  /**
   * A term as all engines write it: numbers by value, to nine digits.
   *
   * @param type the name of its type behind the hash; empty: it has none
   */
  static String shown(String text, String type) {
    return switch (type) {
      case "integer", "decimal", "double", "float" ->
          new BigDecimal(text).round(new MathContext(9)).stripTrailingZeros().toPlainString();
      default -> text;
    };
  }
}
