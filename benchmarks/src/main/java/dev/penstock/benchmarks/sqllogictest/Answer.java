package dev.penstock.benchmarks.sqllogictest;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The result of a query as texts, and its comparison with what a file expects.
 *
 * @param types of the columns
 * @param rows one text a column
 */
record Answer(List<DataType> types, List<String[]> rows) {
  private static final double TOLERANCE = 1e-6;
  private static final Pattern HASH = Pattern.compile("(\\d+) values hashing to ([0-9a-f]{32})");

  static Answer of(
      Dialect dialect, String letters, List<DataType> types, List<@Nullable Object[]> values) {
    List<String[]> rows = new ArrayList<>();
    for (@Nullable Object[] row : values) {
      String[] texts = new String[row.length];
      for (int c = 0; c < row.length; c++) {
        texts[c] = ValueText.of(dialect, c < letters.length() ? letters.charAt(c) : 'T', row[c]);
      }
      rows.add(texts);
    }
    return new Answer(types, rows);
  }

  /** The same rows or values in the order in which results are compared. */
  Answer sorted(Item.Sort sort) {
    return switch (sort) {
      case NONE -> this;
      case ROWS -> {
        List<String[]> out = new ArrayList<>(rows);
        out.sort(Comparator.comparing(Answer::keys, Arrays::compare));
        yield new Answer(types, out);
      }
      case VALUES -> {
        List<String[]> out = new ArrayList<>();
        for (String v : values().stream().sorted(Comparator.comparing(Answer::key)).toList()) {
          out.add(new String[] {v});
        }
        yield new Answer(types, out);
      }
    };
  }

  /** One text of a number, however it is written, so that both sides sort alike. */
  private static String key(String text) {
    BigDecimal number = number(text);
    return number == null ? text : number.stripTrailingZeros().toPlainString();
  }

  private static String[] keys(String[] row) {
    return Arrays.stream(row).map(Answer::key).toArray(String[]::new);
  }

  private List<String> values() {
    return rows.stream().flatMap(Arrays::stream).toList();
  }

  /** All values, a line each, as MD5. */
  String hash(Item.Sort sort, Dialect dialect) {
    List<String> values = new ArrayList<>();
    if (sort == Item.Sort.VALUES) {
      values.addAll(values());
      values.sort(null);
    } else {
      List<String[]> in = new ArrayList<>(rows);
      if (sort == Item.Sort.ROWS) {
        in.sort(Arrays::compare);
      }
      in.forEach(row -> values.addAll(Arrays.asList(row)));
    }
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      for (String value : values) {
        String text = dialect == Dialect.DUCKDB && value.equals(ValueText.EMPTY) ? "" : value;
        md5.update((text + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What differs from the expected lines; null: nothing. */
  @Nullable String difference(List<String> expected, Item.Sort sort, Dialect dialect) {
    if (expected.size() == 1) {
      Matcher m = HASH.matcher(expected.get(0).strip());
      if (m.matches()) {
        int count = rows.size() * types.size();
        if (count != Integer.parseInt(m.group(1))) {
          return "wrong number of values";
        }
        return hash(sort, dialect).equals(m.group(2)) ? null : "wrong hash";
      }
    }
    List<String[]> wanted = wanted(expected);
    if (wanted == null || wanted.size() != rows.size()) {
      return "wrong number of rows";
    }
    Answer ours = sorted(sort);
    Answer theirs = new Answer(types, wanted).sorted(sort);
    for (int r = 0; r < ours.rows.size(); r++) {
      String[] ourRow = ours.rows.get(r);
      String[] theirRow = theirs.rows.get(r);
      for (int c = 0; c < ourRow.length; c++) {
        DataType type = types.get(sort == Item.Sort.VALUES ? 0 : c);
        if (!same(theirRow[c], ourRow[c], type)) {
          return "wrong value";
        }
      }
    }
    return null;
  }

  /** The expected rows: one line a row, or one a value; null if the lines fill no rows. */
  private @Nullable List<String[]> wanted(List<String> lines) {
    int columns = types.size();
    List<String[]> out = new ArrayList<>();
    if (columns > 1 && !lines.isEmpty()) {
      boolean tabs = lines.stream().allMatch(line -> line.indexOf('\t') >= 0);
      if (tabs || lines.size() == rows.size()) {
        String separator = tabs ? "\t" : "\\s+";
        for (String line : lines) {
          String[] row = line.split(separator, -1);
          if (row.length != columns) {
            return null;
          }
          out.add(row);
        }
        return out;
      }
    }
    if (lines.size() % columns != 0) {
      return null;
    }
    for (int i = 0; i < lines.size(); i += columns) {
      out.add(lines.subList(i, i + columns).toArray(String[]::new));
    }
    return out;
  }

  static boolean same(String expected, String got, DataType type) {
    if (expected.equals(got)) {
      return true;
    }
    if (expected.startsWith("<REGEX>:")) {
      return matches(expected.substring(8), got);
    }
    if (expected.startsWith("<!REGEX>:")) {
      return !matches(expected.substring(9), got);
    }
    if (type.kind() == Kind.BOOLEAN) {
      String lower = expected.toLowerCase(Locale.ROOT);
      return got.equals("true")
          ? lower.equals("true") || lower.equals("1")
          : got.equals("false") && (lower.equals("false") || lower.equals("0"));
    }
    if (type.kind() == Kind.JSON || type.kind() == Kind.ANY) {
      return bare(expected).equals(bare(got));
    }
    return type.isNumeric() && sameNumber(expected, got);
  }

  /**
   * Lists are JSON here: {@code ["a",null]} is what the files write as {@code [a, NULL]}, and
   * <code>{"a":1}</code> as <code>{'a': 1}</code>, or <code>{a=1}</code> of a map.
   */
  private static String bare(String list) {
    String text = list.replaceAll("[\\s\"']", "").replace("null", ValueText.NULL);
    return text.indexOf(':') < 0 && text.startsWith("{") ? text.replace('=', ':') : text;
  }

  private static boolean sameNumber(String expected, String got) {
    BigDecimal a = number(expected);
    BigDecimal b = number(got);
    if (a == null || b == null) {
      return false;
    }
    if (a.compareTo(b) == 0) {
      return true;
    }
    boolean whole = isWhole(expected.strip()) && isWhole(got);
    double x = a.doubleValue();
    double y = b.doubleValue();
    return !whole && Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y));
  }

  private static boolean isWhole(String number) {
    return number.chars().allMatch(c -> Character.isDigit(c) || c == '-');
  }

  /** Some files have spaces between a number and the tab behind it. */
  private static @Nullable BigDecimal number(String written) {
    String text = written.strip();
    if (text.isEmpty() || "+-.0123456789".indexOf(text.charAt(0)) < 0) {
      return null;
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean matches(String pattern, String text) {
    try {
      return Pattern.compile(pattern, Pattern.DOTALL).matcher(text).matches();
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** Is it the message of an expected error: a part of it, or by a pattern? */
  static boolean isMessage(String expected, String message) {
    if (expected.startsWith("<REGEX>:")) {
      return matches(expected.substring(8), message);
    }
    if (expected.startsWith("<!REGEX>:")) {
      return !matches(expected.substring(9), message);
    }
    return message.contains(expected.strip());
  }

  /** The rows as a file writes them: tabs between columns. */
  List<String> lines() {
    return rows.stream().map(row -> String.join("\t", row)).toList();
  }
}
