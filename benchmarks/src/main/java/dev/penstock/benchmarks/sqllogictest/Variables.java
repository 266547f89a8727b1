package dev.penstock.benchmarks.sqllogictest;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables of loops and of {@code test-env}; for one thread. */
final class Variables {
  private static final Pattern COMPARED = Pattern.compile("(\\w+)(<>|>=|<=|=|>|<)(.*)");

  private final Dialect dialect;
  private final Map<String, String> values = new TreeMap<>();

  Variables(Dialect dialect) {
    this.dialect = dialect;
  }

  void set(String name, String value) {
    values.put(name, value);
  }

  /** Sets the variables of a loop for a round. */
  void set(List<String> names, String value) {
    String[] parts = names.size() == 1 ? new String[] {value} : value.split(",", names.size());
    for (int i = 0; i < parts.length; i++) {
      set(names.get(i), parts[i]);
    }
  }

  void drop(List<String> names) {
    names.forEach(values::remove);
  }

  /** The text with values in place of <code>${name}</code> and <code>{name}</code>. */
  String in(String text) {
    String out = text;
    for (Map.Entry<String, String> v : values.entrySet()) {
      out = out.replace("${" + v.getKey() + "}", v.getValue());
      out = out.replace("{" + v.getKey() + "}", v.getValue());
    }
    return out;
  }

  /** The folder of scratch files in {@code __TEST_DIR__} as well. */
  String in(String text, String scratch) {
    return in(text)
        .replace("__TEST_DIR__", scratch)
        .replace("{TEMP_DIR}", scratch)
        .replace("{TEST_DIR}", scratch);
  }

  /** Is a record to be run under these conditions? */
  boolean allow(List<Item.Condition> conditions) {
    return conditions.stream().allMatch(c -> holds(c.what()) == c.only());
  }

  private boolean holds(String what) {
    Matcher m = COMPARED.matcher(what);
    if (!m.matches()) {
      return dialect.isNamed(what);
    }
    String left = values.getOrDefault(m.group(1), m.group(1));
    String right = m.group(3);
    int order;
    try {
      order = Long.compare(Long.parseLong(left), Long.parseLong(right));
    } catch (NumberFormatException e) {
      order = left.compareTo(right);
    }
    return switch (m.group(2)) {
      case "=" -> order == 0;
      case "<>" -> order != 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      case "<" -> order < 0;
      default -> order <= 0;
    };
  }
}
