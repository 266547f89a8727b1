package dev.penstock.sql.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Makes a case smaller as long as it stays different: fewer rows, fewer and simpler pieces. */
final class Shrinker {
  private static final int TRIES = 600;
  private final BiPredicate<List<Table>, Written> isDifferent;
  private List<Table> tables;
  private int tries;

  Shrinker(List<Table> tables, BiPredicate<List<Table>, Written> isDifferent) {
    this.tables = tables;
    this.isDifferent = isDifferent;
  }

  List<Table> tables() {
    return tables;
  }

  /** The text of a smaller query that is different over {@link #tables}. */
  Written shrink(Term query) {
    rows(query);
    boolean smaller = true;
    while (smaller && tries < TRIES) {
      smaller = pieces(query);
    }
    rows(query);
    return query.written();
  }

  private boolean holds(List<Table> some, Term query) {
    tries++;
    return tries < TRIES && isDifferent.test(some, query.written());
  }

  private void rows(Term query) {
    for (int t = 0; t < tables.size(); t++) {
      int part = Math.max(1, tables.get(t).rows().size() / 2);
      while (tries < TRIES) {
        boolean dropped = false;
        for (int from = 0; from < tables.get(t).rows().size() && tries < TRIES; ) {
          List<List<@Nullable Object>> kept = new ArrayList<>(tables.get(t).rows());
          kept.subList(from, Math.min(kept.size(), from + part)).clear();
          List<Table> fewer = new ArrayList<>(tables);
          fewer.set(t, tables.get(t).withRows(kept));
          if (holds(fewer, query)) {
            tables = fewer;
            dropped = true;
          } else {
            from += part;
          }
        }
        if (part == 1 && !dropped) {
          break;
        }
        part = Math.max(1, part / 2);
      }
    }
  }

  private boolean pieces(Term query) {
    List<Term> all = new ArrayList<>();
    collect(query, all);
    boolean smaller = false;
    for (Term t : all) {
      if (t.instead != null || t.column) {
        continue;
      }
      if (t.optional && tried(t, "", query)) {
        smaller = true;
      } else if (t.type != null) {
        smaller |= simpler(t, query);
      }
    }
    return smaller;
  }

  private boolean simpler(Term t, Term query) {
    List<Term> inner = new ArrayList<>();
    for (Object part : t.parts) {
      if (part instanceof Term p) {
        collect(p, inner);
      }
    }
    String text = t.toString();
    for (Term i : inner) {
      if (i.type == t.type && !i.toString().equals(text) && tried(t, i, query)) {
        return true;
      }
    }
    return text.length() > 8 && (tried(t, simple(t.type()), query));
  }

  private static String simple(Type type) {
    return switch (type) {
      case INT -> "1";
      case BIGINT -> "CAST(1 AS BIGINT)";
      case DOUBLE -> "CAST(1 AS DOUBLE)";
      case DECIMAL -> "1.5";
      case VARCHAR -> "'a'";
      case BOOLEAN -> "TRUE";
      case DATE -> "DATE '2020-01-01'";
      case TIMESTAMP -> "TIMESTAMP '2020-01-01 00:00:00'";
      case TIME -> "TIME '12:00:00'";
    };
  }

  private boolean tried(Term t, Object instead, Term query) {
    String before = query.toString();
    t.instead = instead;
    String after = query.toString();
    if (after.length() < before.length() && holds(tables, query)) {
      return true;
    }
    t.instead = null;
    return false;
  }

  private static void collect(Term t, List<Term> out) {
    if (t.instead != null) {
      if (t.instead instanceof Term i) {
        collect(i, out);
      }
      return;
    }
    out.add(t);
    for (Object part : t.parts) {
      if (part instanceof Term p) {
        collect(p, out);
      }
    }
  }
}
