package dev.penstock.benchmarks.sqllogictest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many records passed, failed and were skipped, and why. For one thread. */
final class Tally {
  /** Why a record failed. */
  enum Failure {
    WRONG_RESULT("wrong result"),
    UNSUPPORTED("not supported"),
    ERROR("error"),
    NO_ERROR("no error where one is expected"),
    MESSAGE("another message"),
    FAULT("internal fault"),
    TIME("time limit"),
    SCRIPT("bad script");

    final String words;

    Failure(String words) {
      this.words = words;
    }

    /** By its name with dashes: {@code unsupported}, {@code no-error} ... */
    static Failure named(String name) {
      for (Failure f : values()) {
        if (f.name().equals(name.toUpperCase(Locale.ROOT).replace('-', '_'))) {
          return f;
        }
      }
      throw new IllegalArgumentException(
          "expected wrong-result, unsupported, error, no-error, message, fault, time or script,"
              + " got "
              + name);
    }
  }

  /** A reason with how often it came, and the first place where. */
  private static final class Reason {
    final String text;
    final String example;
    int count;

    Reason(String text, String example) {
      this.text = text;
      this.example = example;
    }
  }

  private static final String NUMBERS = "passed %d, failed %d, skipped %d";

  private final Map<String, Reason> failures = new LinkedHashMap<>();
  private final Map<String, Reason> skips = new LinkedHashMap<>();
  private final int[] kinds = new int[Failure.values().length];
  private int passed;
  private int failed;
  private int skipped;

  void pass() {
    passed++;
  }

  void fail(Failure kind, String reason, String example) {
    failed++;
    kinds[kind.ordinal()]++;
    count(failures, kind.words + ": " + reason, example, 1);
  }

  void skip(String reason, String example, int records) {
    skipped += records;
    count(skips, reason, example, records);
  }

  private static void count(Map<String, Reason> all, String text, String example, int n) {
    all.computeIfAbsent(text, t -> new Reason(t, example)).count += n;
  }

  void add(Tally other) {
    passed += other.passed;
    failed += other.failed;
    skipped += other.skipped;
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] += other.kinds[i];
    }
    other.failures.values().forEach(r -> count(failures, r.text, r.example, r.count));
    other.skips.values().forEach(r -> count(skips, r.text, r.example, r.count));
  }

  int failed() {
    return failed;
  }

  /** {@code passed 3, failed 1, skipped 0}. */
  String numbers() {
    return String.format(Locale.ROOT, NUMBERS, passed, failed, skipped);
  }

  /** Failures by kind, then the most frequent reasons of failures and of skips, with a place. */
  List<String> table(int most) {
    List<String> out = new ArrayList<>();
    for (Failure kind : Failure.values()) {
      if (kinds[kind.ordinal()] > 0) {
        out.add(String.format(Locale.ROOT, "%8d  %s", kinds[kind.ordinal()], kind.words));
      }
    }
    section(out, "failed because of", failures, most);
    section(out, "skipped because of", skips, most);
    return out;
  }

  private static void section(
      List<String> out, String title, Map<String, Reason> reasons, int most) {
    if (reasons.isEmpty()) {
      return;
    }
    out.add("");
    out.add(title);
    reasons.values().stream()
        .sorted(Comparator.comparingInt((Reason r) -> -r.count).thenComparing(r -> r.text))
        .limit(most)
        .forEach(
            r -> out.add(String.format(Locale.ROOT, "%8d  %s  [%s]", r.count, r.text, r.example)));
    if (reasons.size() > most) {
      out.add("          and " + (reasons.size() - most) + " reasons more");
    }
  }
}
