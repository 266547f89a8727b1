package dev.penstock.benchmarks.beside;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A command line of {@code --name value}, {@code --flag} and words. */
public final class Arguments {
  private final Map<String, String> values = new HashMap<>();
  private final List<String> words = new ArrayList<>();

  /** Reads it; an option that is not named here is an error that tells them all. */
  public Arguments(String[] args, Set<String> options, Set<String> flags) {
    for (int i = 0; i < args.length; i++) {
      String arg = args[i];
      if (flags.contains(arg)) {
        values.put(arg, "true");
      } else if (options.contains(arg)) {
        if (i + 1 == args.length) {
          throw new IllegalArgumentException(arg + " expects a value");
        }
        values.put(arg, args[++i]);
      } else if (arg.startsWith("--")) {
        throw new IllegalArgumentException(
            "unknown option " + arg + "; expected one of " + options + " " + flags);
      } else {
        words.add(arg);
      }
    }
  }

  public String text(String option, String otherwise) {
    return values.getOrDefault(option, otherwise);
  }

  public Path path(String option, String otherwise) {
    return Path.of(text(option, otherwise));
  }

  public int number(String option, int otherwise) {
    return Integer.parseInt(text(option, String.valueOf(otherwise)));
  }

  public double decimal(String option, double otherwise) {
    return Double.parseDouble(text(option, String.valueOf(otherwise)));
  }

  public boolean has(String flag) {
    return values.containsKey(flag);
  }

  /** What is no option, in order. */
  public List<String> words() {
    return words;
  }

  /** Queries 1 to 22, or those that {@code --queries 1,5} names. */
  public List<Integer> queries(String option) {
    List<Integer> queries = new ArrayList<>();
    if (!values.containsKey(option)) {
      for (int q = 1; q <= 22; q++) {
        queries.add(q);
      }
      return queries;
    }
    for (String q : text(option, "").split(",", -1)) {
      queries.add(Integer.parseInt(q.strip()));
    }
    return queries;
  }
}
