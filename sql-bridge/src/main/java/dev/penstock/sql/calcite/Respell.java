package dev.penstock.sql.calcite;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.NullOrder;
import dev.penstock.sql.Settings;
import dev.penstock.sql.text.Spelling;
import dev.penstock.sql.text.Token;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the parser's operators become calls of the engine's, which have the engine's types; type
 * names of other databases become the standard's; parameters become what {@link Parameters} makes
 * of them.
 */
final class Respell extends SqlShuttle {
  private static final Map<String, SqlTypeName> TYPES =
      Map.ofEntries(
          Map.entry("TEXT", SqlTypeName.VARCHAR),
          Map.entry("STRING", SqlTypeName.VARCHAR),
          Map.entry("NAME", SqlTypeName.VARCHAR),
          Map.entry("BPCHAR", SqlTypeName.VARCHAR),
          Map.entry("NVARCHAR", SqlTypeName.VARCHAR),
          Map.entry("INT1", SqlTypeName.INTEGER),
          Map.entry("INT2", SqlTypeName.INTEGER),
          Map.entry("INT4", SqlTypeName.INTEGER),
          Map.entry("INT32", SqlTypeName.INTEGER),
          Map.entry("SIGNED", SqlTypeName.BIGINT),
          Map.entry("MEDIUMINT", SqlTypeName.INTEGER),
          Map.entry("UTINYINT", SqlTypeName.INTEGER),
          Map.entry("USMALLINT", SqlTypeName.INTEGER),
          Map.entry("UINTEGER", SqlTypeName.BIGINT),
          Map.entry("INT8", SqlTypeName.BIGINT),
          Map.entry("INT64", SqlTypeName.BIGINT),
          Map.entry("LONG", SqlTypeName.BIGINT),
          Map.entry("FLOAT4", SqlTypeName.DOUBLE),
          Map.entry("FLOAT8", SqlTypeName.DOUBLE),
          Map.entry("FLOAT64", SqlTypeName.DOUBLE),
          Map.entry("BOOL", SqlTypeName.BOOLEAN),
          Map.entry("LOGICAL", SqlTypeName.BOOLEAN),
          Map.entry("NUMERIC", SqlTypeName.DECIMAL),
          Map.entry("DATETIME", SqlTypeName.TIMESTAMP),
          Map.entry("TIMESTAMPTZ", SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE),
          Map.entry("BYTEA", SqlTypeName.VARBINARY),
          Map.entry("BLOB", SqlTypeName.VARBINARY),
          Map.entry("JSON", SqlTypeName.VARIANT),
          Map.entry("UUID", SqlTypeName.UUID));

  private final Spelling spelling;
  private final Parameters parameters;

  /** Numbers of question marks by their places in the text as written; -1: several stand there. */
  private final Map<Integer, Integer> marks = new HashMap<>();

  /** Those that stand where their value changes nothing but the rows. */
  private final Set<SqlDynamicParam> free = Collections.newSetFromMap(new IdentityHashMap<>());

  private final boolean integerDivision;
  private final NullOrder nullOrder;
  private final Repairs repairs;
  private final CancellationToken token;
  private boolean sets;

  /** The WINDOW clauses around. */
  private final Deque<SqlNodeList> windows = new ArrayDeque<>();

  /**
   * @param tokens the query as written: question marks are counted there, for what is respelled may
   *     have them in another order, or twice
   * @param token checked at each call
   */
  Respell(
      Spelling spelling,
      List<Token> tokens,
      Parameters parameters,
      Settings settings,
      Repairs repairs,
      CancellationToken token) {
    this.token = token;
    this.repairs = repairs;
    this.spelling = spelling;
    this.parameters = parameters;
    this.integerDivision = settings.integerDivision();
    this.nullOrder = settings.nullOrder();
    int number = 0;
    for (Token t : tokens) {
      if (t.isMark("?")) {
        marks.merge(t.start(), number++, (one, other) -> -1);
      }
    }
  }

  @Override
  public @Nullable SqlNode visit(SqlDynamicParam param) {
    int place = spelling.original(param.getParserPosition().getColumnNum() - 1);
    int number = marks.getOrDefault(place, -1);
    return parameters.node(param, number < 0 ? param.getIndex() : number, free.contains(param));
  }

  @Override
  public @Nullable SqlNode visit(SqlIdentifier id) {
    return repairs.column(id);
  }

  /** Were there GROUPING SETS, ROLLUP or CUBE? */
  boolean sets() {
    return sets;
  }

  @Override
  public @Nullable SqlNode visit(SqlDataTypeSpec type) {
    if (type.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec named) {
      String name = named.getTypeName().toString().toUpperCase(Locale.ROOT);
      SqlParserPos pos = type.getParserPosition();
      if (name.equals("HUGEINT") || name.equals("UHUGEINT") || name.equals("UBIGINT")) {
        int digits = name.equals("UBIGINT") ? 20 : 38;
        return new SqlDataTypeSpec(
            new SqlBasicTypeNameSpec(SqlTypeName.DECIMAL, digits, 0, pos), pos);
      }
      SqlTypeName known = TYPES.get(name);
      if (known != null) {
        return new SqlDataTypeSpec(new SqlBasicTypeNameSpec(known, pos), pos);
      }
    }
    return type;
  }

  @Override
  public @Nullable SqlNode visit(SqlLiteral literal) {
    return literal instanceof SqlIntervalLiteral interval ? interval(interval) : literal;
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    token.check();
    FreeParameters.of(call, free);
    sets |= GroupingSets.isNested(call);
    if (call instanceof SqlSelect select) {
      repairs.stars().expand(select, GroupByAll.is(select));
      DistinctOn.rewrite(select, null);
      GroupByAll.rewrite(select);
      SemiJoins.rewrite(select);
      OnConditions.move(select);
      if (select.getHaving() != null && select.getHaving().getKind().belongsTo(SqlKind.QUERY)) {
        // a sub-query alone is a row to the validator, not a condition
        select.setHaving(
            SqlStdOperatorTable.IS_TRUE.createCall(
                select.getHaving().getParserPosition(), select.getHaving()));
      }
      windows.push(
          (SqlNodeList) java.util.Objects.requireNonNull(super.visit(select.getWindowList())));
      try {
        return super.visit(call);
      } finally {
        windows.pop();
      }
    }
    if (call.getKind() == SqlKind.UNION && written(call).equals("BY NAME")) {
      repairs.stars().byName(call);
    }
    if (call instanceof SqlWith with) {
      noNameTwice(with);
    }
    if (call instanceof SqlOrderBy order) {
      SqlNode ordered = order.query instanceof SqlWith with ? with.body : order.query;
      if (ordered instanceof SqlSelect select) {
        DistinctOn.rewrite(select, order.orderList);
      }
      // after the visit: UNION BY NAME has all of its columns by then
      SqlNode visited = super.visit(order);
      return visited instanceof SqlOrderBy all ? AllColumns.of(all) : visited;
    }
    if (call.getKind() == SqlKind.MINUS_PREFIX
        && call.operand(0) instanceof SqlNumericLiteral number
        && !written(call).equals("~")) {
      SqlNumericLiteral negative = SqlLiteral.createNegative(number, call.getParserPosition());
      return WatchedLiterals.of(negative, token);
    }
    SqlNode visited = super.visit(call instanceof SqlJoin join ? regrouped(join) : call);
    return visited instanceof SqlCall c ? operator(OrderedCalls.within(c)) : visited;
  }

  private static void noNameTwice(SqlWith with) {
    Set<String> names = new HashSet<>();
    for (SqlNode node : with.withList) {
      SqlIdentifier name = ((SqlWithItem) node).name;
      if (!names.add(name.getSimple().toLowerCase(Locale.ROOT))) {
        SqlParserPos p = name.getParserPosition();
        throw new CalciteContextException(
            name.getSimple() + " is there twice in WITH",
            PenstockException.incorrect("sql", name.getSimple() + " is there twice in WITH"),
            p.getLineNum(),
            p.getColumnNum(),
            p.getEndLineNum(),
            p.getEndColumnNum());
      }
    }
  }

  /**
   * The parser groups {@code a, b RIGHT JOIN c} as {@code (a, b) RIGHT JOIN c}; a comma binds less
   * than a join. Where that gives other rows or names, it is put right.
   */
  private static SqlJoin regrouped(SqlJoin join) {
    boolean grouping =
        join.getJoinType() == JoinType.RIGHT
            || join.getJoinType() == JoinType.FULL
            || join.isNatural()
            || join.getConditionType() == JoinConditionType.USING;
    return grouping ? raised(join) : join;
  }

  /** With the comma, if there is one at its left, above it. */
  private static SqlJoin raised(SqlJoin join) {
    if (join.getJoinType() == JoinType.COMMA || !(join.getLeft() instanceof SqlJoin left)) {
      return join;
    }
    SqlJoin comma = raised(left);
    return comma.getJoinType() == JoinType.COMMA
        ? joined(comma, comma.getLeft(), joined(join, comma.getRight(), join.getRight()))
        : join;
  }

  private static SqlJoin joined(SqlJoin as, SqlNode left, SqlNode right) {
    return new SqlJoin(
        as.getParserPosition(),
        left,
        as.isNaturalNode(),
        as.getJoinTypeNode(),
        right,
        as.getConditionTypeNode(),
        as.getCondition());
  }

  /** {@code count(x) FILTER (WHERE c) OVER w} counts {@code CASE WHEN c THEN x END}. */
  private static SqlNode filteredWindow(SqlCall over) {
    SqlNode own = WindowAggregate.of(over.operand(0));
    if (own != over.operand(0)) {
      return over.getOperator().createCall(over.getParserPosition(), own, over.operand(1));
    }
    if (!(over.operand(0) instanceof SqlCall filter)
        || filter.getKind() != SqlKind.FILTER
        || !(filter.operand(0) instanceof SqlCall f)
        || !f.getOperator().getName().equalsIgnoreCase("COUNT")) {
      return over;
    }
    List<SqlNode> args = new ArrayList<>(f.getOperandList());
    SqlParserPos pos = f.getParserPosition();
    boolean rows = args.isEmpty() || args.get(0) instanceof SqlIdentifier id && id.isStar();
    SqlNode value = rows ? SqlLiteral.createExactNumeric("1", pos) : args.get(0);
    SqlNode chosen =
        new SqlCase(
            pos,
            null,
            SqlNodeList.of(filter.<SqlNode>operand(1)),
            SqlNodeList.of(value),
            SqlLiteral.createNull(pos));
    if (args.isEmpty()) {
      args.add(chosen);
    } else {
      args.set(0, chosen);
    }
    SqlNode call =
        f.getOperator().createCall(f.getFunctionQuantifier(), pos, args.toArray(SqlNode[]::new));
    return over.getOperator().createCall(over.getParserPosition(), call, over.operand(1));
  }

  private SqlNode operator(SqlCall call) {
    SqlOperator own = ownOperator(call);
    if (own != null) {
      return own.createCall(call.getParserPosition(), call.getOperandList());
    }
    return switch (call.getKind()) {
      case WINDOW -> Frames.written((SqlWindow) call, spelling);
      case ITEM -> ListCalls.item(call);
      case DOT -> ListCalls.dot(call);
      case SOME, ALL -> ListCalls.quantified(call);
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL, NOT_EQUALS ->
          RowComparisons.settled(call);
      case AS -> repairs.alias(call);
      case EXTRACT -> extract(call);
      case IN, NOT_IN, UNION, INTERSECT, EXCEPT ->
          written(call).equals("BY NAME") ? ByName.union(call) : ValuesRows.settled(call);
      case VALUES -> ValuesRows.bytes(call);
      case WITHIN_GROUP -> OrderedCalls.settled(call, nullOrder);
      case TRIM -> trim(call);
      case OVER -> filteredWindow(Frames.settled(call, windows.peek()));
      case POSITION -> named("STRPOS", call, call.operand(1), call.operand(0));
      case CEIL, FLOOR -> call.operandCount() == 1 ? same(call) : rounded(call);
      case LIKE -> written(call).equals("GLOB") ? Patterns.glob(call) : call;
      case POSIX_REGEX_CASE_SENSITIVE -> Patterns.regex(call, "c");
      case POSIX_REGEX_CASE_INSENSITIVE -> Patterns.regex(call, "i");
      default -> {
        if (call.getOperator() instanceof SqlUnresolvedFunction f) {
          yield switch (f.getName().toUpperCase(Locale.ROOT)) {
            case "UNNEST" -> ListCalls.unnest(call);
            default -> {
              SqlNode composed = ComposedAggregates.of(f.getName(), call);
              yield composed == null ? call : composed;
            }
          };
        }
        yield call.getOperator() instanceof SqlFunction ? same(call) : call;
      }
    };
  }

  private @Nullable SqlOperator ownOperator(SqlCall call) {
    return switch (call.getKind()) {
      case PLUS -> Operators.PLUS;
      case MINUS -> Operators.MINUS;
      case MINUS_PREFIX -> written(call).equals("~") ? Operators.BIT_NOT : Operators.MINUS;
      case TIMES -> Operators.TIMES;
      case DIVIDE -> integerDivision ? Operators.LENIENT_DIVIDE : Operators.DIVIDE;
      case MOD ->
          call.operandCount() == 2 && written(call).equals("//")
              ? Operators.INTEGER_DIVIDE
              : integerDivision ? Operators.LENIENT_REMAINDER : Operators.REMAINDER;
      default ->
          switch (call.getOperator().getName()) {
            case "||" -> Operators.CONCAT;
            case "^", "**" -> Operators.POWER;
            case "<<" ->
                switch (written(call)) {
                  case "|" -> Operators.BIT_OR;
                  case "&" -> Operators.BIT_AND;
                  case ">>" -> Operators.SHIFT_RIGHT;
                  default -> Operators.SHIFT_LEFT;
                };
            default -> null;
          };
    };
  }

  /** What was written for the operator of a call, if the parser does not know it; else empty. */
  private String written(SqlCall call) {
    SqlParserPos first = call.operand(0).getParserPosition();
    return call.operandCount() == 1
        ? spelling.written(call.getParserPosition().getColumnNum() - 1, first.getColumnNum() - 1)
        : spelling.written(
            first.getEndColumnNum(), call.operand(1).getParserPosition().getColumnNum() - 1);
  }

  /** A function that the parser made itself, as the engine's function of that name. */
  private static SqlNode same(SqlCall call) {
    SqlOperator own = Operators.TABLE.own(call.getOperator().getName());
    return own == null
            || call.getOperandList().stream().anyMatch(o -> o instanceof SqlIntervalQualifier)
        ? call
        : own.createCall(
            call.getFunctionQuantifier(),
            call.getParserPosition(),
            call.getOperandList().toArray(SqlNode[]::new));
  }

  static SqlNode named(String name, SqlCall call, SqlNode... args) {
    SqlOperator own = Operators.TABLE.own(name);
    if (own == null) {
      return unresolved(name).createCall(call.getParserPosition(), args);
    }
    return own.createCall(call.getParserPosition(), args);
  }

  private static SqlFunction unresolved(String name) {
    return new SqlUnresolvedFunction(
        new SqlIdentifier(name, SqlParserPos.ZERO),
        null,
        null,
        null,
        null,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
  }

  private static SqlNode text(String value, SqlParserPos pos) {
    return SqlLiteral.createCharString(value, pos);
  }

  private static SqlNode extract(SqlCall call) {
    String part =
        call.operand(0).toString().toLowerCase(Locale.ROOT).replace("\"", "").replace("`", "");
    SqlOperator direct = Operators.TABLE.own(part);
    if (direct != null && Operators.TABLE.own("DATE_PART") == null) {
      return direct.createCall(call.getParserPosition(), call.<SqlNode>operand(1));
    }
    return named("DATE_PART", call, text(part, call.getParserPosition()), call.operand(1));
  }

  private static SqlNode rounded(SqlCall call) {
    String part = call.operand(1).toString().toLowerCase(Locale.ROOT);
    return named("DATE_TRUNC", call, text(part, call.getParserPosition()), call.operand(0));
  }

  private static SqlNode trim(SqlCall call) {
    if (call.operandCount() != 3) {
      return same(call);
    }
    SqlTrimFunction.Flag flag =
        ((SqlLiteral) call.operand(0)).getValueAs(SqlTrimFunction.Flag.class);
    String name =
        switch (flag) {
          case LEADING -> "LTRIM";
          case TRAILING -> "RTRIM";
          default -> "TRIM";
        };
    return call.operand(1) == null
        ? named(name, call, call.<SqlNode>operand(2))
        : named(name, call, call.operand(2), call.operand(1));
  }

  private static SqlNode interval(SqlIntervalLiteral literal) {
    SqlIntervalLiteral.IntervalValue value =
        literal.getValueAs(SqlIntervalLiteral.IntervalValue.class);
    SqlIntervalQualifier q = value.getIntervalQualifier();
    SqlParserPos pos = literal.getParserPosition();
    int[] parts;
    try {
      parts =
          q.evaluateIntervalLiteral(
              value.getIntervalLiteral(),
              pos,
              org.apache.calcite.rel.type.RelDataTypeSystem.DEFAULT);
    } catch (RuntimeException e) {
      throw new CalciteContextException(
          "'" + value.getIntervalLiteral() + "' is not an interval of " + q,
          e,
          pos.getLineNum(),
          pos.getColumnNum(),
          pos.getEndLineNum(),
          pos.getEndColumnNum());
    }
    StringBuilder text = new StringBuilder();
    String[] units =
        q.isYearMonth()
            ? new String[] {"year", "month"}
            : new String[] {"day", "hour", "minute", "second", "millisecond"};
    for (int i = 0; i < units.length; i++) {
      text.append(BigDecimal.valueOf((long) parts[0] * parts[i + 1] * value.getSign()))
          .append(' ')
          .append(units[i])
          .append(' ');
    }
    return named("TO_INTERVAL", pos, text.toString());
  }

  private static SqlNode named(String name, SqlParserPos pos, String arg) {
    return java.util.Objects.requireNonNull(Operators.TABLE.own(name))
        .createCall(pos, text(arg.strip(), pos));
  }
}
