package dev.penstock.sql.calcite;

import clojure.lang.PersistentList;
import clojure.lang.Symbol;
import dev.penstock.batch.DataType;
import dev.penstock.compiler.FunctionRegistry;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.TypeNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.util.Optionality;
import org.jspecify.annotations.Nullable;

/**
 * The functions that SQL sees: every function of the plan language's registry under its own name
 * (with underscores), some under further names, and of Calcite's own only what is syntax.
 * Immutable.
 */
public final class Operators implements SqlOperatorTable {
  public static final PlanOperator PLUS = operator("+", "+");
  public static final PlanOperator MINUS = operator("-", "-");
  public static final PlanOperator TIMES = operator("*", "*");
  public static final PlanOperator DIVIDE = operator("/", "/");
  public static final PlanOperator REMAINDER = operator("%", "rem");
  public static final PlanOperator INTEGER_DIVIDE = operator("//", "quot");

  /**
   * SQL as SQLite has it: whole numbers divide to whole numbers, nothing divided by zero is null.
   */
  public static final PlanOperator LENIENT_DIVIDE =
      new PlanOperator("/", (SqlReturnTypeInference) Operators::lenientDivide);

  public static final PlanOperator LENIENT_REMAINDER =
      new PlanOperator(
          "%", (PlanCall.Shape) args -> list("rem", args.get(0), list("nullif", args.get(1), 0L)));
  public static final PlanOperator POWER = operator("^", "power");
  public static final PlanOperator BIT_AND = operator("&", "bit-and");
  public static final PlanOperator BIT_OR = operator("|", "bit-or");
  public static final PlanOperator BIT_NOT = operator("~", "bit-not");
  public static final PlanOperator SHIFT_LEFT = operator("<<", "shift-left");
  public static final PlanOperator SHIFT_RIGHT = operator(">>", "shift-right");
  public static final PlanOperator CONCAT = operator("||", "concat");

  /** SQL names that the parser's own syntax or Calcite's validator must keep. */
  private static final Set<String> CALCITE =
      Set.of(
          "COUNT",
          "ROW_NUMBER",
          "RANK",
          "DENSE_RANK",
          "PERCENT_RANK",
          "CUME_DIST",
          "NTILE",
          "LAG",
          "LEAD",
          "FIRST_VALUE",
          "CAST",
          "TRY_CAST",
          "SAFE_CAST",
          "ROW",
          "LAST_VALUE",
          "NTH_VALUE",
          "GROUPING",
          "GROUPING_ID",
          "GROUP_ID");

  /** Syntax that is not in the standard. */
  private static final List<SqlOperator> LIBRARY =
      List.of(
          SqlLibraryOperators.INFIX_CAST,
          SqlLibraryOperators.TRY_CAST,
          SqlLibraryOperators.SAFE_CAST,
          SqlLibraryOperators.ILIKE,
          SqlLibraryOperators.NOT_ILIKE);

  /** Further names of functions: SQL name, plan name. */
  private static final String[][] ALIASES = {
    {"SUBSTR", "substring"},
    {"CHAR_LENGTH", "length"},
    {"CHARACTER_LENGTH", "length"},
    {"CEILING", "ceil"},
    {"POW", "power"},
    {"IFNULL", "coalesce"},
    {"NVL", "coalesce"},
    {"LCASE", "lower"},
    {"UCASE", "upper"},
    {"TRUNCATE", "trunc"},
    {"REGEXP_MATCHES", "regexp-like"},
    {"DATEDIFF", "date-diff"},
    {"DATETRUNC", "date-trunc"},
    {"DATEPART", "date-part"},
    {"CHAR", "chr"},
    {"DIV", "quot"},
    {"DAYOFWEEK", "dow"},
    {"DAYOFMONTH", "day"},
    {"DAYOFYEAR", "doy"},
    {"WEEKOFYEAR", "week"},
    {"PREFIX", "starts-with"},
    {"SUFFIX", "ends-with"},
    {"BASE64", "to-base64"},
    {"STRING_SPLIT", "split"},
    {"STR_SPLIT", "split"},
    {"CURRENT_DATE", "today"},
    {"TODAY", "today"},
    {"CURRENT_TIMESTAMP", "now"},
    {"TRANSACTION_TIMESTAMP", "now"},
    {"GET_CURRENT_TIMESTAMP", "now"},
    {"IF", "if"},
    {"IFF", "if"},
    {"IIF", "if"},
    {"JSON_EXTRACT", "json-get"},
    {"LEVENSHTEIN", "levenshtein"},
    {"EDITDIST3", "levenshtein"},
    {"MISMATCHES", "hamming"},
    {"ISNAN", "is-nan"},
    {"ISINF", "is-infinite"},
    {"ISFINITE", "is-finite"},
    {"SUBSTRING_GRAPHEME", "substring"},
    {"LEFT_GRAPHEME", "left"},
    {"RIGHT_GRAPHEME", "right"},
    {"LENGTH_GRAPHEME", "length"},
    {"ORD", "unicode"},
    {"STRLEN", "octet-length"},
    {"STRING_TO_ARRAY", "split"},
    {"STR_SPLIT_REGEX", "regexp-split"},
    {"STRING_SPLIT_REGEX", "regexp-split"},
    {"REGEXP_SPLIT_TO_ARRAY", "regexp-split"}
  };

  private static final String[][] AGGREGATE_ALIASES = {
    {"LISTAGG", "string-agg"},
    {"GROUP_CONCAT", "string-agg"},
    {"STRING_AGG", "string-agg"},
    {"STDDEV_SAMP", "stddev"},
    {"STDDEV_POP", "stddev-pop"},
    {"VAR_SAMP", "variance"},
    {"VAR_POP", "variance-pop"},
    {"ANY_VALUE", "any"},
    {"ARBITRARY", "any"},
    {"EVERY", "bool-and"},
    {"SOME", "bool-or"},
    {"MEAN", "avg"},
    {"LIST", "collect"},
    {"ARRAY_AGG", "collect"},
    {"JSON_GROUP_ARRAY", "collect"},
    {"JSON_ARRAYAGG", "collect"},
    {"LOGICAL_AND", "bool-and"},
    {"LOGICAL_OR", "bool-or"},
    {"QUANTILE_CONT", "percentile-cont"},
    {"QUANTILE_DISC", "percentile-disc"},
    {"QUANTILE", "percentile-disc"},
    {"MAX_BY", "arg-max"},
    {"MIN_BY", "arg-min"},
    {"ARGMAX", "arg-max"},
    {"ARGMIN", "arg-min"},
    {"FAVG", "avg"},
    {"COUNT_IF", "count-if"},
    {"COUNTIF", "count-if"}
  };

  /** Registry functions that have a syntax of their own in SQL. */
  private static final Set<String> NOT_CALLED =
      Set.of(
          "and",
          "or",
          "not",
          "in",
          "between",
          "case",
          "switch",
          "cast",
          "try-cast",
          "=",
          "not=",
          "<",
          "<=",
          ">",
          ">=",
          "is-null",
          "is-not-null",
          "is-true",
          "is-false",
          "is-distinct",
          "is-not-distinct",
          "+",
          "-",
          "*",
          "/",
          "count",
          "grouping");

  /** The one table; made last, out of what stands above. */
  public static final Operators TABLE = new Operators();

  private final Map<String, SqlOperator> own = new LinkedHashMap<>();

  private Operators() {
    Map<String, FunctionRegistry.Entry> entries = new LinkedHashMap<>();
    for (FunctionRegistry.Entry e : FunctionRegistry.entries()) {
      if (e.kind() != FunctionRegistry.Kind.WINDOW && !NOT_CALLED.contains(e.name())) {
        entries.put(e.kind() + e.name(), e);
        add(sqlName(e.name()), e);
      }
    }
    for (String[] alias : ALIASES) {
      addAlias(alias[0], entries.get(FunctionRegistry.Kind.SCALAR + alias[1]));
    }
    FurtherNames.all(this::function);
    for (String[] alias : AGGREGATE_ALIASES) {
      addAlias(alias[0], entries.get(FunctionRegistry.Kind.AGGREGATE + alias[1]));
    }
    function(
        "LOG", args -> args.size() == 1 ? list("log10", args.get(0)) : list("log", args.toArray()));
    for (String name : List.of("RANDOM", "RAND")) {
      function(name, args -> list("random", 0L, 0L));
    }
    for (String name : List.of("UUID", "UUIDV4", "GEN_RANDOM_UUID")) {
      function(name, args -> list("random-uuid", 0L, 0L));
    }
    function("BITWISE_AND", args -> list("bit-and", args.toArray()));
    function("BITWISE_OR", args -> list("bit-or", args.toArray()));
    function("BITWISE_XOR", args -> list("bit-xor", args.toArray()));
    function("HEX", args -> list("upper", list("hex", args.toArray())));
    function("TRY_STRPTIME", args -> list("try", list("strptime", args.toArray())));
    function("CONCAT", args -> list("concat-ws", prepend("", args)));
    function(
        "REGEXP_REPLACE",
        args ->
            args.size() == 3
                ? list("regexp-replace", args.get(0), args.get(1), args.get(2), "")
                : list("regexp-replace", args.toArray()));
    function("REGEXP_EXTRACT", args -> list("regexp-extract-or-empty", args.toArray()));
    lists();
    SpelledFunctions.all(own::put);
    ComposedFunctions.each(this::function);
    DeepOperands.each(this::function);
    function("MOD", args -> list("rem", args.toArray()));
    function("STRPOS", args -> list("position", args.get(1), args.get(0)));
    function("INSTR", args -> list("position", args.get(1), args.get(0)));
    function("TO_INTERVAL", args -> IntervalText.parse(String.valueOf(args.get(0))));
  }

  private void lists() {
    for (String name : List.of("LIST_VALUE", "LIST_PACK")) {
      own.put(
          name,
          new PlanFunction(
              name, (args, types) -> list("json-array", args.toArray()), Lists::literal));
    }
    for (String name : List.of("ARRAY_EXTRACT", "LIST_EXTRACT", "LIST_ELEMENT")) {
      own.put(name, new PlanFunction(name, Lists::elementForm, Lists::element));
    }
    own.put(
        "$SLICE",
        new PlanFunction(
            "$slice",
            Lists::sliceForm,
            call ->
                DataType.VARCHAR.equals(SqlTypes.data(call.getOperandType(0)))
                    ? SqlTypes.calcite(call.getTypeFactory(), DataType.VARCHAR, true)
                    : call.getTypeFactory()
                        .createTypeWithNullability(call.getOperandType(0), true)));
    ListFunctions.all(own::put);
    own.put("STRUCT_EXTRACT", new PlanFunction("STRUCT_EXTRACT", Lists::elementForm, Lists::part));
    for (String name : List.of("LEN", "LENGTH")) {
      own.put(
          name,
          new PlanFunction(
              name,
              (args, types) ->
                  list(isJson(types.get(0)) ? "json-length" : "length", args.toArray()),
              call ->
                  call.getOperandCount() == 1 && isJson(call.getOperandType(0))
                      ? SqlTypes.calcite(call.getTypeFactory(), DataType.INT64, true)
                      : PlanCall.type(
                          FunctionRegistry.Kind.SCALAR, PlanCall.Shape.of("length"), call)));
    }
    for (String name : List.of("LIST_CONTAINS", "LIST_HAS", "ARRAY_CONTAINS", "ARRAY_HAS")) {
      own.put(
          name,
          new PlanFunction(
              name,
              Lists::containsForm,
              call -> SqlTypes.calcite(call.getTypeFactory(), DataType.BOOLEAN, true)));
    }
    own.put(
        "TYPEOF",
        new PlanFunction(
            "typeof",
            (args, types) -> typeName(types),
            call -> SqlTypes.calcite(call.getTypeFactory(), DataType.VARCHAR, false)));
    function("ARRAY_LENGTH", args -> list("json-length", args.get(0)));
    function("CARDINALITY", args -> list("json-length", args.get(0)));
    own.put(
        "STRUCT_PACK",
        new PlanFunction(
            "STRUCT_PACK", (args, types) -> list("json-object", args.toArray()), Lists::structure));
    own.put("UNNEST", new RowFunction("unnest", RowFunction.Values.ELEMENTS));
    own.put("$POSITION", new RowFunction("$position", RowFunction.Values.POSITIONS));
    own.put("$SERIES", new RowFunction("$series", RowFunction.Values.SERIES));
    own.put("$RANGE", new RowFunction("$range", RowFunction.Values.RANGE));
  }

  /** What {@code typeof} gives; that of an untyped null is {@code "NULL"}. */
  private static String typeName(List<RelDataType> arguments) {
    if (arguments.size() != 1) {
      throw PenstockException.incorrect(
          "arity", "typeof takes 1 argument, got " + arguments.size());
    }
    DataType type = SqlTypes.data(arguments.get(0));
    return type == null ? "\"NULL\"" : TypeNames.of(type);
  }

  private static boolean isJson(RelDataType type) {
    return DataType.JSON.equals(SqlTypes.data(type));
  }

  /** A part of a structure. */
  static SqlNode field(SqlNode of, SqlNode name, SqlParserPos pos) {
    return java.util.Objects.requireNonNull(TABLE.own("STRUCT_EXTRACT")).createCall(pos, of, name);
  }

  private void addAlias(String name, FunctionRegistry.@Nullable Entry entry) {
    if (entry != null) {
      add(name, entry);
    }
  }

  private void add(String name, FunctionRegistry.Entry e) {
    if (CALCITE.contains(name)) {
      return;
    }
    if (e.kind() == FunctionRegistry.Kind.AGGREGATE) {
      own.put(name, new PlanAggregate(name, e.name(), withinGroup(e.name())));
    } else {
      own.put(name, new PlanFunction(name, PlanCall.Shape.of(e.name())));
    }
  }

  private static Optionality withinGroup(String planName) {
    return switch (planName) {
      case "string-agg", "percentile-cont", "percentile-disc", "mode", "collect", "first", "last" ->
          Optionality.OPTIONAL;
      default -> Optionality.FORBIDDEN;
    };
  }

  private void function(String name, PlanCall.Shape shape) {
    own.put(name, new PlanFunction(name, shape));
  }

  private static RelDataType lenientDivide(SqlOperatorBinding call) {
    boolean whole = isWhole(call.getOperandType(0)) && isWhole(call.getOperandType(1));
    return SqlTypes.calcite(call.getTypeFactory(), whole ? DataType.INT64 : DataType.FLOAT64, true);
  }

  /** Is it a type of whole numbers, or that of an untyped null? */
  public static boolean isWhole(RelDataType type) {
    DataType data = SqlTypes.data(type);
    return data == null || data.equals(DataType.INT32) || data.equals(DataType.INT64);
  }

  private static PlanOperator operator(String sign, String planName) {
    return new PlanOperator(sign, PlanCall.Shape.of(planName));
  }

  private static Object list(String head, @Nullable Object... args) {
    List<@Nullable Object> out = new ArrayList<>();
    out.add(Symbol.intern(null, head));
    out.addAll(Arrays.asList(args));
    return PersistentList.create(out);
  }

  private static @Nullable Object[] prepend(Object first, List<@Nullable Object> args) {
    List<@Nullable Object> out = new ArrayList<>();
    out.add(first);
    out.addAll(args);
    return out.toArray();
  }

  /** A plan name in SQL: {@code date-trunc} is DATE_TRUNC. */
  public static String sqlName(String planName) {
    return planName.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** The own function of a name, or null. */
  public @Nullable SqlOperator own(String name) {
    return own.get(name.toUpperCase(Locale.ROOT));
  }

  /** All names of functions, for completion and for suggestions. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(own.keySet());
    names.removeIf(n -> n.startsWith("$")); // nobody writes these
    names.addAll(CALCITE);
    return names;
  }

  /** Own functions by SQL name; the plan's name of each. */
  public Map<String, String> planNames() {
    Map<String, String> out = new LinkedHashMap<>();
    own.forEach(
        (name, op) -> out.put(name, op instanceof PlanAggregate a ? a.planName() : planName(name)));
    return out;
  }

  private static String planName(String name) {
    for (String[] alias : ALIASES) {
      if (alias[0].equals(name)) {
        return alias[1];
      }
    }
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public void lookupOperatorOverloads(
      SqlIdentifier opName,
      @Nullable SqlFunctionCategory category,
      SqlSyntax syntax,
      List<SqlOperator> operatorList,
      SqlNameMatcher nameMatcher) {
    if (opName.isSimple() && syntax == SqlSyntax.FUNCTION) {
      SqlOperator mine = own(opName.getSimple());
      if (mine != null) {
        if (!operatorList.contains(mine)) {
          operatorList.add(mine);
        }
        return;
      }
      SqlOperator window = WindowAggregate.named(opName.getSimple());
      if (window != null) {
        operatorList.add(window);
        return;
      }
      if (!CALCITE.contains(opName.getSimple().toUpperCase(Locale.ROOT))) {
        return;
      }
    }
    for (SqlOperator op : LIBRARY) {
      if (opName.isSimple()
          && op.getSyntax() == syntax
          && op.getName().equalsIgnoreCase(opName.getSimple())) {
        operatorList.add(op);
      }
    }
    SqlStdOperatorTable.instance()
        .lookupOperatorOverloads(opName, category, syntax, operatorList, nameMatcher);
  }

  @Override
  public List<SqlOperator> getOperatorList() {
    List<SqlOperator> all = new ArrayList<>(own.values());
    all.addAll(LIBRARY);
    return all;
  }
}
