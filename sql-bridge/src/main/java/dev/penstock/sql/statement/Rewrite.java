package dev.penstock.sql.statement;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Result;
import dev.penstock.nodes.Source;
import dev.penstock.sources.memory.ColumnTable;
import dev.penstock.sources.memory.TableAppend;
import dev.penstock.sql.text.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the rows of a table in memory in one step. Queries that run keep the rows that they
 * began with; whatever fails leaves the table as it was.
 */
final class Rewrite {
  private Rewrite() {}

  /**
   * Puts the rows of a result in the place of the table's.
   *
   * @param rows the table's columns, and maybe a boolean behind them
   * @return how many rows have true there
   */
  static long replace(Work work, Target target, Result rows) {
    return into(
        work,
        target.name(),
        new ColumnTable(target.name(), target.schema(), work.engine().budget()),
        rows);
  }

  /**
   * The same; the rows that have true there are returned. They lie in a table of their own until
   * the query over them has begun, which keeps it from then on.
   */
  static Result returned(Work work, Target target, Result rows, Returning clause, String alias) {
    String name = "$returning";
    List<Field> fields = new ArrayList<>(target.schema().fields());
    fields.add(new Field("$hit", DataType.BOOLEAN, true));
    ColumnTable changed = new ColumnTable(name, new Schema(fields), work.engine().budget());
    ColumnTable fresh = new ColumnTable(target.name(), target.schema(), work.engine().budget());
    work.engine().catalog().replace(name, changed);
    try {
      List<Token> hit =
          new Snippet(clause.place())
              .text("SELECT * EXCLUDE (\"$hit\") FROM \"$returning\" WHERE \"$hit\"")
              .query();
      Object plan = clause.plan(work, hit, alias);
      into(work, target.name(), fresh, changed, rows);
      return Returning.start(work, plan);
    } finally {
      rows.close();
      work.engine().dropTable(name);
    }
  }

  /** The same for a table that may have other columns. */
  static long into(Work work, String name, ColumnTable fresh, Result rows) {
    return into(work, name, fresh, null, rows);
  }

  /**
   * @param all gets the rows with all of their columns, too
   */
  private static long into(
      Work work, String name, ColumnTable fresh, @Nullable ColumnTable all, Result rows) {
    int width = fresh.schema().size();
    long hits = 0;
    try (rows;
        TableAppend append = fresh.append();
        TableAppend whole = all == null ? null : all.append()) {
      for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
        Column[] columns = batch.columns();
        for (int i = 0; columns.length > width && i < batch.count(); i++) {
          hits += Boolean.TRUE.equals(columns[width].value(batch.position(i))) ? 1 : 0;
        }
        if (whole != null) {
          whole.add(batch);
        }
        append.add(batch.withColumns(Arrays.copyOf(columns, width)));
      }
      fresh.commit(append);
      if (all != null && whole != null) {
        all.commit(whole);
      }
    } catch (RuntimeException | Error e) {
      fresh.close();
      throw e;
    }
    publish(work, name, fresh);
    return hits;
  }

  /** Leaves no row; returns how many there were. */
  static long clear(Work work, Target target) {
    long rows = target.source().rowCount();
    String name = target.name();
    publish(work, name, new ColumnTable(name, target.schema(), work.engine().budget()));
    return rows;
  }

  private static void publish(Work work, String name, ColumnTable fresh) {
    Source old = work.engine().catalog().replace(name, fresh);
    if (old instanceof ColumnTable table) {
      table.close();
    }
  }
}
