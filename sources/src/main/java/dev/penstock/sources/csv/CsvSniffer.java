package dev.penstock.sources.csv;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.Nearest;
import dev.penstock.sources.text.TypeGuess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds out how a CSV file is written, from samples: delimiter, header, types.
 *
 * <p>Delimiter: of {@code , ; | tab} the one with which most of the first records have the same
 * number of fields, above one. Header: the first record is one if it has a name for every column
 * and some column's other values are of a type that its name is not of, or if all columns are text
 * and the names are distinct words. A sniffed name that comes twice gets {@code _1}, {@code _2}; an
 * empty one is {@code columnN}.
 */
final class CsvSniffer {
  private static final byte[] DELIMITERS = {',', ';', '|', '\t'};
  private static final int DELIMITER_ROWS = 500;

  private final String name;
  private final CsvOptions options;

  CsvSniffer(String name, CsvOptions options) {
    this.name = name;
    this.options = options;
  }

  /** Looks at samples, of which the first is the begin of the first file. */
  CsvShape look(List<CsvSample> samples) {
    CsvSample first = samples.get(0);
    int delimiter = options.delimiter() >= 0 ? options.delimiter() : delimiter(first);
    Dialect d = dialect(delimiter);
    List<int[]> rows = first.rows(d, options.sampleRows() + 1);
    if (rows.isEmpty() && options.columns().isEmpty()) {
      throw PenstockException.incorrect(
          "empty-file",
          name + " is empty: expected a header line at least; name the columns by :columns [...]");
    }
    if (rows.isEmpty()) {
      return shape(
          d,
          Boolean.TRUE.equals(options.header()),
          options.columns().size(),
          options.columns(),
          List.of());
    }
    int width = rows.get(0).length / 2;
    TypeGuess[] guesses = guesses(width);
    add(guesses, first.bytes(), rows.subList(1, rows.size()));
    Boolean asked = options.header();
    boolean header = asked != null ? asked : isHeader(first.bytes(), rows, guesses);
    if (!header) {
      add(guesses, first.bytes(), rows.subList(0, 1));
    }
    for (CsvSample more : samples.subList(1, samples.size())) {
      if (more.begins()) {
        addFile(guesses, first.bytes(), rows.get(0), more, header, d);
      } else if (!first.hasLineEnds(rows)) {
        addInside(guesses, more, d);
      }
    }
    List<String> names = columnNames(first.bytes(), rows, header, width, guesses, d);
    return shape(d, header, width, names, List.of(guesses));
  }

  /** Adds the sample of another file, whose header may name the columns in another order. */
  private void addFile(
      TypeGuess[] guesses, byte[] b, int[] head, CsvSample more, boolean header, Dialect d) {
    List<int[]> rows = more.rows(d, options.sampleRows() + 1);
    if (rows.isEmpty() || rows.get(0).length != 2 * guesses.length) {
      return; // the scan says what is wrong
    }
    TypeGuess[] ordered = guesses.clone();
    if (header && options.columns().isEmpty()) {
      List<String> names = names(b, head, d);
      List<String> others = names(more.bytes(), rows.get(0), d);
      if (!new HashSet<>(names).equals(new HashSet<>(others))) {
        return;
      }
      for (int i = 0; i < ordered.length; i++) {
        ordered[i] = guesses[names.indexOf(others.get(i))];
      }
    }
    add(ordered, more.bytes(), header ? rows.subList(1, rows.size()) : rows);
  }

  /** Adds a sample from within a file if it looks like whole records. */
  private void addInside(TypeGuess[] guesses, CsvSample more, Dialect d) {
    SampleRows read = more.read(d, options.sampleRows());
    boolean fits = read.clean() && !more.hasLineEnds(read.rows());
    for (int[] row : read.rows()) {
      fits &= row.length == 2 * guesses.length;
    }
    if (fits) {
      add(guesses, more.bytes(), read.rows());
    }
  }

  Dialect dialect(int delimiter) {
    return new Dialect(delimiter, options.quote(), options.escape(), options.comment());
  }

  private List<String> columnNames(
      byte[] b, List<int[]> rows, boolean header, int width, TypeGuess[] guesses, Dialect d) {
    List<String> given = options.columns();
    if (!given.isEmpty()) {
      // a delimiter at the end of every line makes one column more, which is always empty
      boolean trailing = given.size() == width - 1 && !guesses[width - 1].seen();
      if (given.size() != width && !trailing) {
        throw PenstockException.incorrect(
            "wrong-columns",
            name
                + ": option :columns names "
                + given.size()
                + " columns, but the first record has "
                + width
                + " fields");
      }
      if (new HashSet<>(given).size() != given.size()) {
        throw PenstockException.incorrect(
            "wrong-columns", name + ": option :columns names a column twice: " + given);
      }
      return given;
    }
    if (header) {
      return names(b, rows.get(0), d);
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      names.add("column" + i);
    }
    return names;
  }

  private CsvShape shape(
      Dialect d, boolean header, int width, List<String> names, List<TypeGuess> guesses) {
    options
        .types()
        .keySet()
        .forEach(
            k -> {
              if (!names.contains(k)) {
                throw PenstockException.incorrect(
                    "unknown-column",
                    name
                        + ": option :types names an unknown column '"
                        + k
                        + "'"
                        + Nearest.hint(k, names)
                        + " (columns: "
                        + String.join(" ", names)
                        + ")");
              }
            });
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      DataType guessed = i < guesses.size() ? guesses.get(i).type() : DataType.VARCHAR;
      DataType type = options.types().get(names.get(i));
      fields.add(new Field(names.get(i), type == null ? guessed : type));
    }
    return new CsvShape(d, header, width, names, new Schema(fields));
  }

  private static TypeGuess[] guesses(int width) {
    TypeGuess[] out = new TypeGuess[width];
    for (int i = 0; i < width; i++) {
      out[i] = new TypeGuess();
    }
    return out;
  }

  private void add(TypeGuess[] guesses, byte[] b, List<int[]> rows) {
    CsvNulls nulls = new CsvNulls(options.nulls());
    for (int[] row : rows) {
      if (row.length != 2 * guesses.length) {
        continue; // a bad row; the scan says so
      }
      for (int i = 0; i < guesses.length; i++) {
        int from = row[2 * i] & CsvTokenizer.OFFSET;
        int to = row[2 * i + 1];
        // a quoted empty field says nothing: it is null if the others are numbers
        if (from < to && !nulls.is(b, from, to)) {
          guesses[i].add(b, from, to);
        }
      }
    }
  }

  private boolean isHeader(byte[] b, List<int[]> rows, TypeGuess[] guesses) {
    int[] first = rows.get(0);
    Set<String> names = new HashSet<>();
    boolean words = true;
    for (int i = 0; i < first.length; i += 2) {
      int from = first[i] & CsvTokenizer.OFFSET;
      int to = first[i + 1];
      if (from == to) {
        return false;
      }
      boolean typed = TypeGuess.isTyped(b, from, to);
      TypeGuess others = guesses[i / 2];
      if (!typed && others.seen() && !others.type().equals(DataType.VARCHAR)) {
        return true;
      }
      words &= !typed && names.add(new String(b, from, to - from, StandardCharsets.UTF_8));
    }
    boolean allText = true;
    for (TypeGuess g : guesses) {
      allText &= g.type().equals(DataType.VARCHAR);
    }
    return words && allText;
  }

  private int delimiter(CsvSample sample) {
    if (name.toLowerCase(Locale.ROOT).contains(".tsv")) { // .tsv.gz, too
      return '\t';
    }
    int best = ',';
    double bestScore = 0;
    for (byte candidate : DELIMITERS) {
      SampleRows read = sample.read(dialect(candidate), DELIMITER_ROWS);
      double score = score(read);
      if (score > bestScore + 1e-9) {
        best = candidate;
        bestScore = score;
      }
    }
    return best;
  }

  /**
   * The share of records with the most frequent number of fields; more fields win among equals; 0
   * for one field.
   */
  private static double score(SampleRows read) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int[] row : read.rows()) {
      counts.merge(row.length / 2, 1, Integer::sum);
    }
    int mode = 0;
    int often = 0;
    for (Map.Entry<Integer, Integer> e : counts.entrySet()) {
      if (e.getValue() > often) {
        mode = e.getKey();
        often = e.getValue();
      }
    }
    if (mode <= 1) {
      return 0;
    }
    double share = (double) often / read.rows().size();
    return share * (read.clean() ? 1 : 0.5) + Math.min(mode, 1000) * 1e-6;
  }

  /** Column names of a header record: unescaped, made unique, never empty. */
  static List<String> names(byte[] b, int[] row, Dialect d) {
    Set<String> out = new LinkedHashSet<>();
    for (int i = 0; i < row.length; i += 2) {
      int from = row[i] & CsvTokenizer.OFFSET;
      String text = new String(b, from, row[i + 1] - from, StandardCharsets.UTF_8);
      if ((row[i] & CsvTokenizer.ESCAPED) != 0) {
        String quote = String.valueOf((char) d.quote());
        String escape = String.valueOf((char) d.escape());
        text = text.replace(escape + quote, quote);
      }
      text = text.strip();
      String name = text.isEmpty() ? "column" + i / 2 : text;
      String unique = name;
      for (int n = 1; !out.add(unique); n++) {
        unique = name + "_" + n;
      }
    }
    return List.copyOf(out);
  }
}
