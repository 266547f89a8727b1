package dev.penstock.sql.calcite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Stars that must be columns before the validator comes to them: {@code COLUMNS('x.*')}, {@code *
 * REPLACE ...}, those of UNION BY NAME and of GROUP BY ALL. What FROM gives is learnt from the
 * validator in one try, and is there in the next; selects are told apart by their places.
 */
final class StarColumns {
  /** The columns of a FROM are known from now on: try again. */
  static final class Learnt extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Learnt() {
      super(null, null, false, false);
    }
  }

  private final Map<Integer, Map<String, SqlIdentifier>> wanted = new HashMap<>();
  private final Map<Integer, Map<String, List<StarItems.Column>>> known = new HashMap<>();
  private final Set<SqlNode> byName = Collections.newSetFromMap(new IdentityHashMap<>());

  private static int place(SqlNode select) {
    return select.getParserPosition().getColumnNum();
  }

  /** The stars in the select lists of a UNION BY NAME are columns. */
  void byName(@Nullable SqlNode query) {
    if (query instanceof SqlSelect select) {
      byName.add(select);
    } else if (query instanceof SqlCall call && call.getKind().belongsTo(SqlKind.SET_QUERY)) {
      call.getOperandList().forEach(this::byName);
    }
  }

  /**
   * Changes the select in place, if its columns are known; else they will be asked for.
   *
   * @param all are plain stars columns, too?
   */
  void expand(SqlSelect select, boolean all) {
    boolean plain = all || byName.contains(select);
    Map<String, SqlIdentifier> stars = new HashMap<>();
    for (SqlNode item : select.getSelectList()) {
      if (plain && item instanceof SqlIdentifier id && id.isStar()) {
        star(stars, StarItems.qualifier(id), id.getParserPosition());
      }
      ask(item, stars);
    }
    if (select.getWhere() != null) {
      ask(select.getWhere(), stars);
    }
    if (stars.isEmpty()) {
      return;
    }
    Map<String, List<StarItems.Column>> columns = known.get(place(select));
    if (columns == null || !columns.keySet().containsAll(stars.keySet())) {
      wanted.put(place(select), stars);
      return;
    }
    StarItems items = new StarItems(columns, plain);
    select.setSelectList(items.list(select.getSelectList()));
    if (select.getWhere() != null) {
      select.setWhere(items.condition(select.getWhere()));
    }
  }

  private static void star(Map<String, SqlIdentifier> stars, String qualifier, SqlParserPos pos) {
    stars.put(
        qualifier,
        qualifier.isEmpty()
            ? SqlIdentifier.star(pos)
            : SqlIdentifier.star(List.of(qualifier, ""), pos, List.of(pos, pos)));
  }

  private static void ask(SqlNode in, Map<String, SqlIdentifier> stars) {
    in.accept(
        new SqlShuttle() {
          @Override
          public @Nullable SqlNode visit(SqlCall call) {
            if (call.getKind().belongsTo(SqlKind.QUERY)) {
              return call;
            }
            if (StarItems.isStar(call)) {
              star(stars, StarItems.text(call.operand(0)), call.getParserPosition());
            }
            return super.visit(call);
          }
        });
  }

  /**
   * Keeps the columns of a select whose FROM is valid, if somebody asked for them.
   *
   * @param expanded what a star in that select means
   */
  void look(SqlSelect select, Function<SqlNodeList, SqlNodeList> expanded) {
    Map<String, SqlIdentifier> stars = wanted.remove(place(select));
    if (stars == null) {
      return;
    }
    Map<String, List<StarItems.Column>> columns = new HashMap<>();
    stars.forEach(
        (qualifier, star) -> {
          List<StarItems.Column> list = new ArrayList<>();
          for (SqlNode item : expanded.apply(SqlNodeList.of(star))) {
            list.add(StarItems.column(item));
          }
          columns.put(qualifier, list);
        });
    known.put(place(select), columns);
    throw new Learnt();
  }

  /** Does a select list hold stars that are calls? Then ordinals of items are none of columns. */
  static boolean isMarked(SqlNode item) {
    Map<String, SqlIdentifier> stars = new HashMap<>();
    ask(item, stars);
    return !stars.isEmpty();
  }
}
