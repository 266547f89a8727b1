package dev.penstock.sql.statement;

import dev.penstock.batch.DataType;
import dev.penstock.compiler.Result;
import dev.penstock.sql.Settings;
import dev.penstock.sql.text.Nearest;
import dev.penstock.sql.text.Token;
import java.util.List;
import java.util.Locale;

/**
 * {@code SHOW name}, {@code SHOW ALL}: what settings are.
 *
 * @param name in lower case; empty: all
 */
record ShowSetting(String name) implements Command {
  /**
   * {@code SHOW word}: a setting, or else the columns of a table, for that is what DuckDB and MySQL
   * mean by it.
   */
  static Command read(TokenReader r) {
    Token word = r.peek(1);
    boolean alone = r.peek(2).text().isEmpty();
    if (alone && word.is("ALL")) {
      return new ShowSetting("");
    }
    if (alone && Settings.NAMES.stream().anyMatch(word.text()::equalsIgnoreCase)) {
      return new ShowSetting(word.text().toLowerCase(Locale.ROOT));
    }
    Describe table = Describe.read(r);
    return !alone
            || word.kind() != Token.Kind.WORD
            || Nearest.of(word.text(), Settings.NAMES) == null
        ? table
        : work -> {
          if (work.catalog().names().stream().noneMatch(word.text()::equalsIgnoreCase)) {
            throw TokenReader.placed(work.statement(), word, Settings.unknown(word.text()));
          }
          return table.run(work);
        };
  }

  @Override
  public Result run(Work work) {
    Settings settings = work.settings();
    if (!name.isEmpty()) {
      return work.rows(
          List.of(name), List.of(DataType.VARCHAR), List.of(List.of(settings.get(name))));
    }
    return work.rows(
        List.of("name", "value", "meaning"),
        List.of(DataType.VARCHAR, DataType.VARCHAR, DataType.VARCHAR),
        Settings.NAMES.stream()
            .map(n -> List.of(n, settings.get(n), Settings.meaning(n)))
            .toList());
  }
}
