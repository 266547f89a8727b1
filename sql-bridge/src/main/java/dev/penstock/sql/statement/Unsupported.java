package dev.penstock.sql.statement;

import dev.penstock.monitor.PenstockException;
import java.util.Map;

/** What other databases have and this one has not: told as such, with what to do instead. */
final class Unsupported {
  /** Behind CREATE and DROP. */
  private static final Map<String, String> THINGS =
      Map.ofEntries(
          Map.entry("TRIGGER", "there are no triggers"),
          Map.entry("SEQUENCE", "there are no sequences; row_number() OVER () counts rows"),
          Map.entry("TYPE", "there are no types to be made"),
          Map.entry("SECRET", "there are no secrets"),
          Map.entry("DATABASE", "there is one catalog only"),
          Map.entry("MATERIALIZED", "there are no materialized views; write CREATE TABLE ... AS"));

  private static final Map<String, String> VERBS =
      Map.ofEntries(
          Map.entry("ATTACH", "there is one catalog only; FROM takes paths of files"),
          Map.entry("DETACH", "there is one catalog only; FROM takes paths of files"),
          Map.entry("USE", "there is one catalog only"),
          Map.entry("CALL", "there are no procedures"),
          Map.entry("MERGE", "write INSERT OR REPLACE, UPDATE and DELETE"),
          Map.entry("PREPARE", "the embedding program prepares statements"),
          Map.entry("EXECUTE", "the embedding program prepares statements"),
          Map.entry("DEALLOCATE", "the embedding program prepares statements"),
          Map.entry("EXPORT", "write COPY of each table"),
          Map.entry("IMPORT", "write CREATE TABLE ... AS SELECT * FROM of each file"),
          Map.entry("PIVOT", "write sum(x) FILTER (WHERE ...) of each column"),
          Map.entry("UNPIVOT", "write UNION ALL of the columns"),
          Map.entry("COMMENT", "there are no comments on tables"),
          Map.entry("SAVEPOINT", "there are no transactions"),
          Map.entry("GRANT", "there are no users"),
          Map.entry("REVOKE", "there are no users"));

  private Unsupported() {}

  /** An UNSUPPORTED error if what comes next is a thing of another database. */
  static void thing(TokenReader r) {
    String why = THINGS.get(r.peek().upper());
    if (why != null) {
      throw problem(r, r.peek().upper() + " is not supported: " + why);
    }
  }

  /** An UNSUPPORTED error if the statement is one of another database. */
  static void verb(TokenReader r) {
    String why = VERBS.get(r.peek().upper());
    if (why != null) {
      throw problem(r, r.peek().upper() + " is not supported: " + why);
    }
  }

  private static PenstockException problem(TokenReader r, String message) {
    return r.placed(r.peek(), PenstockException.unsupported("sql-statement", message));
  }
}
