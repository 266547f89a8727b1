package dev.penstock.sql.statement;

import dev.penstock.sql.Statement;
import dev.penstock.sql.text.Nearest;
import dev.penstock.sql.text.Token;
import java.util.List;
import java.util.Locale;

/** Tells statements apart by their first words. */
public final class Commands {
  /** Words that statements begin with. */
  public static final List<String> VERBS =
      List.of(
          "SELECT",
          "WITH",
          "VALUES",
          "FROM",
          "TABLE",
          "EXPLAIN",
          "DESCRIBE",
          "SHOW",
          "SUMMARIZE",
          "CREATE",
          "DROP",
          "ALTER",
          "INSERT",
          "REPLACE",
          "UPDATE",
          "DELETE",
          "TRUNCATE",
          "COPY",
          "SET",
          "RESET",
          "PRAGMA",
          "BEGIN",
          "COMMIT");

  private static final String NO_TRANSACTIONS =
      "there are no transactions: each statement stands for itself";

  private Commands() {}

  /** Reads a statement. The queries in it are read when it runs. */
  public static Command read(Statement statement) {
    TokenReader r = new TokenReader(statement);
    if (r.atQuery(0)) {
      return new Query(r.rest());
    }
    Token first = r.peek();
    Unsupported.verb(r);
    return switch (first.kind() == Token.Kind.WORD ? first.upper() : "") {
      case "EXPLAIN" -> Explain.read(r);
      case "DESCRIBE", "DESC" -> Describe.read(r);
      case "SHOW" -> show(r);
      case "SUMMARIZE" -> Summarize.read(r);
      case "CREATE" -> create(r);
      case "DROP" -> Drop.read(r);
      case "ALTER" -> AlterTable.read(r);
      case "REINDEX" -> DropIndex.reindex(r);
      case "INSERT", "REPLACE" -> Insert.read(r);
      case "UPDATE" -> Update.read(r);
      case "DELETE" -> Delete.read(r);
      case "TRUNCATE" -> Delete.truncate(r);
      case "COPY" -> Copy.read(r);
      case "PRAGMA" -> pragma(r);
      case "SET", "RESET" -> SetOption.read(r);
      case "BEGIN", "START", "COMMIT", "END" -> new Note(NO_TRANSACTIONS);
      case "ANALYZE", "VACUUM", "CHECKPOINT" ->
          new Note("nothing to do: statistics are read from the tables when a query needs them");
      case "ROLLBACK" -> throw r.problem(first, NO_TRANSACTIONS + ", and what was done stays done");
      default ->
          throw r.problem(
              first,
              "expected a statement, got "
                  + TokenReader.shown(first)
                  + Nearest.hint(first.text().toUpperCase(Locale.ROOT), VERBS)
                  + " (there are "
                  + String.join(", ", VERBS)
                  + ")");
    };
  }

  private static Command show(TokenReader r) {
    if (r.at("SHOW", "TABLES") || r.at("SHOW", "ALL", "TABLES")) {
      Token first = r.take();
      boolean all = r.accept("ALL");
      r.take();
      r.expectEnd();
      return all ? ShowTables.all(first) : new ShowTables();
    }
    return ShowSetting.read(r);
  }

  private static Command pragma(TokenReader r) {
    if (r.at("PRAGMA", "SHOW_TABLES")) {
      r.take();
      r.take();
      r.expectEnd();
      return new ShowTables();
    }
    if (!r.at("PRAGMA", "TABLE_INFO")) {
      return SetOption.read(r);
    }
    Token first = r.take();
    r.take();
    r.expectMark("(");
    String table = r.take().value();
    r.expectMark(")");
    r.expectEnd();
    return new Composed(
        new Snippet(first)
            .text("SELECT * FROM pragma_table_info('" + table.replace("'", "''") + "')")
            .query());
  }

  private static Command create(TokenReader r) {
    r.expect("CREATE");
    boolean replace = r.accept("OR", "REPLACE");
    r.acceptAny("TEMP", "TEMPORARY");
    if (r.accept("VIEW")) {
      return CreateView.read(r, replace);
    }
    if (r.accept("TABLE")) {
      return CreateTable.read(r, replace);
    }
    if (r.accept("SCHEMA")) {
      return Schemas.create(r);
    }
    if (r.accept("MACRO") || r.accept("FUNCTION")) {
      return CreateMacro.read(r, replace);
    }
    boolean unique = r.accept("UNIQUE");
    if (r.accept("INDEX")) {
      return CreateIndex.read(r, unique);
    }
    Unsupported.thing(r);
    throw r.expected("TABLE, VIEW or INDEX");
  }
}
