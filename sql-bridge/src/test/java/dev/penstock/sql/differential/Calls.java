package dev.penstock.sql.differential;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Functions and operators by example.
 *
 * <pre>
 * {V}      an expression: I small integer, B small bigint, F small double, M small decimal,
 *          V text, D date, T timestamp, C time of day, L condition
 * {v}      a literal: d date, t timestamp, v text
 * {1..3}   one of these numbers
 * {a|b}    one of these texts
 * </pre>
 */
final class Calls {
  private static final String LETTERS = "IBFMVDTCL";
  private static final List<Type> TYPES =
      List.of(
          Type.INT,
          Type.BIGINT,
          Type.DOUBLE,
          Type.DECIMAL,
          Type.VARCHAR,
          Type.DATE,
          Type.TIMESTAMP,
          Type.TIME,
          Type.BOOLEAN);

  /**
   * @param bound of a number
   */
  private record Form(String text, double bound) {}

  private static final Map<Type, List<Form>> FORMS = new EnumMap<>(Type.class);

  private static void add(Type type, double bound, String... texts) {
    for (String text : texts) {
      FORMS.computeIfAbsent(type, t -> new ArrayList<>()).add(new Form(text, bound));
    }
  }

  static {
    add(
        Type.VARCHAR,
        0,
        "REVERSE({V})",
        "CONCAT_WS('{-|,|}', {V}, {V})",
        "SPLIT_PART({V}, '{a| |b|é}', {1..3})",
        "TRANSLATE({V}, 'abé', '{xy|zZ日}')",
        "CHR({33..300})",
        "MD5({V})",
        "SHA256({V})",
        "URL_ENCODE({V})",
        "TO_HEX({B})",
        "REGEXP_REPLACE({V}, '{[a-z]+|a.|(a)(b)|^.|\\s|é|[0-9]|b$}', '{X|_|}')",
        "REGEXP_REPLACE({V}, '{[a-z]|a.|(a)(b)|\\s|é|[0-9]+}', '{X|_|}', 'g')",
        "REGEXP_EXTRACT({V}, '{([a-z])([a-z0-9]*)|([0-9]+)|(a)|(.)$}', {0..1})",
        "SUBSTRING({V} FROM {1..4} FOR {0..5})",
        "SUBSTRING({V} FROM {-3..3})",
        "SUBSTR({V}, {-3..4}, {0..3})",
        "TRIM({LEADING|TRAILING|BOTH} '{a|b| }' FROM {V})",
        "{LTRIM|RTRIM|TRIM}({V}, '{ab| a}')",
        "{LEFT|RIGHT}({V}, -{1..3})",
        "DAYNAME({D})",
        "MONTHNAME({T})",
        "STRFTIME({T}, '%Y-%m-%d %H:%M:%S')",
        "STRFTIME({D}, '%d/%m/%y %a %b %j')",
        "CAST({T} AS VARCHAR)",
        "CAST({F} AS VARCHAR)",
        "CAST({C} AS VARCHAR)",
        "{V}::VARCHAR",
        "({V} || {I})",
        "IF({L}, {V}, {V})",
        "IFNULL({V}, {V})",
        "[{V}, {V}, {V}][{-3..4}]",
        "LIST_EXTRACT([{V}, {V}], {1..3})",
        "({V})[{1..3}:{1..4}]",
        "CONCAT({V}, {I}, {D})");
    add(
        Type.BIGINT,
        10_000,
        "{CHAR_LENGTH|STRLEN|BIT_LENGTH|ASCII|UNICODE}({V})",
        "{INSTR|STRPOS}({V}, {V})",
        "LEVENSHTEIN(MD5({V}), MD5({V}))",
        "CAST(SIGN({I}) AS BIGINT)",
        "CAST(SIGN({F}) AS BIGINT)",
        "MOD({B}, NULLIF({B}, 0))",
        "GCD({B}, {B})",
        "({B} & {B})",
        "({B} | {B})",
        "({0..100} << {0..10})",
        "({B} >> {0..5})",
        "CAST(BIT_COUNT({B}) AS BIGINT)",
        "CAST(DATE_PART('{year|month|day|hour|minute|second|quarter|week|dow|isodow|doy}', {T}) AS BIGINT)",
        "CAST(DATE_PART('{decade|century|yearweek|isoyear|year|doy}', {D}) AS BIGINT)",
        "CAST(EXTRACT({HOUR|MINUTE|SECOND} FROM {C}) AS BIGINT)",
        "{YEAR|MONTH|DAY|WEEK|QUARTER|DAYOFWEEK|DAYOFYEAR}({D})",
        "({D} - {D})",
        "CAST(EXTRACT({DAY|HOUR|MINUTE} FROM ({T} - {T})) AS BIGINT)",
        "CAST(DATE_PART('{year|month|day}', AGE({T}, {T})) AS BIGINT)",
        "DATE_SUB('{day|month|year}', {T}, {T})",
        "DATE_DIFF('{day|week|month|hour}', {T}, {T})",
        "LEN([{I}, {I}])",
        "[{B}, {B}][{1..2}]",
        "LIST_EXTRACT([{B}, {B}, {B}], {1..3})",
        "LENGTH({V} || {D})");
    add(Type.BIGINT, 1e15, "EPOCH_MS({T})", "DATE_DIFF('second', {T}, {T})", "LCM({I}, {I})");
    add(Type.BIGINT, 1e18, "EPOCH_US({T})");
    add(
        Type.DOUBLE,
        1e10,
        "EXP({F} / 100)",
        "LN(ABS({F}) + 1)",
        "{LOG10|LOG2|LN|SQRT}(ABS({F}) + 0.5)",
        "CBRT({F})",
        "{POWER|POW}({F}, {0..3})",
        "{DEGREES|RADIANS}({F})",
        "{SINH|COSH|TANH}({F} / 100)",
        "ATAN2({F}, {F})",
        "ROUND({F}, {0..2})",
        "TRUNC({F})",
        "EVEN({F})",
        "TRY_CAST(LEFT({V}, 3) AS DOUBLE)",
        "({I} / {1..9})",
        "CAST({M} AS DOUBLE)");
    add(
        Type.BOOLEAN,
        0,
        "{STARTS_WITH|ENDS_WITH|CONTAINS|PREFIX|SUFFIX}({V}, {v})",
        "REGEXP_MATCHES({V}, '{[a-z]|^a|b$|é|^.{2}$|\\d|(a|b)c}')",
        "REGEXP_FULL_MATCH({V}, '{[a-z]+|a.*|.*b}')",
        "({V} SIMILAR TO '{[a-z]+|a(b|c)*|[0-9]+|(a|b)}')",
        "({V} NOT SIMILAR TO '{[a-z]+|a(b|c)*|[0-9]+|(a|b)}')",
        "({V} LIKE '{a!%b|!_|%!%%|a%}' ESCAPE '!')",
        "({V} LIKE {v})",
        "(NOT ISNAN({F}))",
        "ISFINITE({F})",
        "({D} < {T})",
        "(({T} - {T}) < INTERVAL '{0..40}' DAY)",
        "(({T} - {T}) = ({T} - {T}))",
        "(INTERVAL '{0..40}' DAY > INTERVAL '1' MONTH)",
        "({T} BETWEEN {D} AND {D} + INTERVAL '{1..5}' MONTH)",
        "TRY_CAST(TRIM({V}) AS BOOLEAN)",
        "({C} < TIME '12:00:00')",
        "({I} IN ({I}, NULL, {I}))",
        "({V} NOT IN ({v}, {v}))",
        // nulls in rows: docs/sql-deviations.md
        "((COALESCE({I}, 1), COALESCE({V}, 'a')) {IN|NOT IN} ((1, 'a'), (COALESCE({I}, 1), '{a|b|abc}')))",
        "((COALESCE({I}, 1), COALESCE({V}, 'a')) {=|<>|<|<=|>|>=} (COALESCE({I}, 1), 'ab'))",
        "LIST_CONTAINS([{I}, {I}], {I})",
        "LIST_CONTAINS([{V}, {v}], {V})",
        "({V} {ILIKE|NOT ILIKE} '{a%|%B|_b%|É%|%a_}')",
        "({D} IN ({d}, {d}))");
    add(
        Type.DATE,
        0,
        "MAKE_DATE({1990..2030}, {1..12}, {1..28})",
        "TRY_CAST({V} AS DATE)",
        "CAST(({D} + {I} * INTERVAL 1 DAY) AS DATE)",
        "CAST(({D} + TO_DAYS({I})) AS DATE)",
        "CAST(({D} - INTERVAL '{1..14} months {0..40} days') AS DATE)",
        "CAST(STRPTIME('{2021|1999}-0{1..9}-1{0..9}', '%Y-%m-%d') AS DATE)",
        "CAST(TIME_BUCKET(INTERVAL '{1..9}' {DAY|MONTH}, {D}) AS DATE)");
    add(
        Type.TIMESTAMP,
        0,
        "MAKE_TIMESTAMP(2020, {1..12}, {1..28}, {0..23}, {0..59}, {0..59}.5)",
        "TRY_CAST({V} AS TIMESTAMP)",
        "TIME_BUCKET(INTERVAL '{1..40}' {MINUTE|HOUR|DAY}, {T})",
        "({D} + INTERVAL '{1..30}' HOUR)",
        "({T} - INTERVAL '{1..14} months {0..40} days {0..30} hours')",
        "({T} + TO_HOURS({I}))",
        "({D} + {C})",
        "DATE_TRUNC('{quarter|second|decade|century}', {T})",
        "({T} + ({T} - {T}))");
    add(
        Type.TIME,
        0,
        "CAST({T} AS TIME)",
        "MAKE_TIME({0..23}, {0..59}, {0..59}.25)",
        "({C} + INTERVAL '{1..30}' {HOUR|MINUTE})");
    add(
        Type.INT,
        0x80000000L,
        "CAST(LENGTH({V}) AS INTEGER)",
        "CAST({D} - {D} AS INTEGER)",
        "ABS({I})",
        "({I} % {3..9})",
        "{I}::INTEGER");
  }

  private final Expressions all;
  private final Dice dice;

  Calls(Expressions all) {
    this.all = all;
    this.dice = all.dice;
  }

  boolean has(Type type) {
    return FORMS.containsKey(type);
  }

  Term make(Type type, Scope s, int depth) {
    Form form = dice.of(FORMS.get(type));
    Term t = Term.of(type);
    String text = form.text;
    int at = 0;
    while (true) {
      int open = text.indexOf('{', at);
      // a brace with a number and nothing else counts in a regular expression
      while (open >= 0 && text.substring(open).matches("\\{\\d+}.*")) {
        open = text.indexOf('{', open + 1);
      }
      if (open < 0) {
        t.add(text.substring(at));
        break;
      }
      t.add(text.substring(at, open));
      int close = close(text, open);
      t.add(place(text.substring(open + 1, close), s, depth));
      at = close + 1;
    }
    t.exact = type != Type.DOUBLE;
    return t.bound(form.bound);
  }

  private static int close(String text, int open) {
    int depth = 0;
    for (int i = open; ; i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
  }

  private Object place(String what, Scope s, int depth) {
    if (what.length() == 1 && LETTERS.contains(what)) {
      return all.small(TYPES.get(LETTERS.indexOf(what)), s, depth);
    }
    switch (what) {
      case "v":
        return all.literal(Type.VARCHAR);
      case "d":
        return all.literal(Type.DATE);
      case "t":
        return all.literal(Type.TIMESTAMP);
      default:
        int dots = what.indexOf("..");
        return dots > 0
            ? ""
                + dice.between(
                    Integer.parseInt(what.substring(0, dots)),
                    Integer.parseInt(what.substring(dots + 2)))
            : dice.of(choices(what));
    }
  }

  /** Parted at bars that stand in no parentheses. */
  private static List<String> choices(String what) {
    List<String> out = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i <= what.length(); i++) {
      char c = i == what.length() ? '|' : what.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == '|' && (depth == 0 || i == what.length())) {
        out.add(what.substring(from, i));
        from = i + 1;
      }
    }
    return out;
  }
}
