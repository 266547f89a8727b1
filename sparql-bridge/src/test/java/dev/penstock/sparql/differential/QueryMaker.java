package dev.penstock.sparql.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes random data and queries over all of the language; each seed its own. */
final class QueryMaker {
  private static final String PREFIX =
      "BASE <http://base/dir/> PREFIX : <http://x/>"
          + " PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> ";
  private static final String[] VARS = {"?x", "?y", "?z", "?w"};
  private static final String[] NAMES = {":a", ":b", ":c", ":d"};
  private static final String[] PREDICATES = {":p", ":q", ":r"};
  private static final String[] LITERALS = {
    "1",
    "2",
    "3",
    "1.0",
    "2.5",
    "\"01\"^^<http://www.w3.org/2001/XMLSchema#integer>",
    "1e0",
    "\"x\"",
    "\"y\"",
    "\"x\"@en",
    "true",
    "false",
    "\"abc\"",
    "\"2020-01-02\"^^<http://www.w3.org/2001/XMLSchema#date>",
    "\"aXbXä\"@en-GB",
    "-7",
    "\"NaN\"^^<http://www.w3.org/2001/XMLSchema#double>",
    "\"INF\"^^<http://www.w3.org/2001/XMLSchema#float>",
    "\"1969-12-31T23:59:59.5Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime>",
    "\"P1DT2H\"^^<http://www.w3.org/2001/XMLSchema#dayTimeDuration>",
    "\"oops\"^^<http://www.w3.org/2001/XMLSchema#integer>",
    "99999999999999999999",
    "\"\""
  };
  private static final String[] TYPES = {
    "integer", "decimal", "double", "float", "string", "boolean", "dateTime", "date"
  };
  private static final String[] PATTERNS = {
    "\"^A\", \"i\"", "\"(.)X(.)\"", "\"x|ab\"", "\"b.*c$\", \"s\"", "\"a.b\", \"q\""
  };

  private final Random random;
  private int fresh;

  QueryMaker(long seed) {
    random = new Random(seed);
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private String var() {
    return one(VARS);
  }

  private String name() {
    return one(NAMES);
  }

  private String term() {
    return chance(60) ? name() : one(LITERALS);
  }

  /** TriG. */
  String data() {
    StringBuilder out = new StringBuilder("@prefix : <http://x/> .\n");
    triples(out, 4 + random.nextInt(14));
    for (String graph : new String[] {":g1", ":g2"}) {
      if (chance(70)) {
        out.append(graph).append(" {\n");
        triples(out, 1 + random.nextInt(6));
        out.append("}\n");
      }
    }
    return out.toString();
  }

  private void triples(StringBuilder out, int count) {
    for (int i = 0; i < count; i++) {
      String s = chance(10) ? "_:n" + random.nextInt(2) : name();
      String o = chance(10) ? "_:n" + random.nextInt(2) : term();
      out.append(s).append(' ').append(one(PREDICATES)).append(' ').append(o).append(" .\n");
    }
  }

  String query() {
    int kind = random.nextInt(10);
    if (kind == 0) {
      return PREFIX + "ASK " + group(2);
    }
    if (kind <= 2) {
      return PREFIX + grouped(2);
    }
    String modifiers = chance(20) ? " ORDER BY " + one("", "DESC") + "(" + var() + ")" : "";
    String what = chance(60) ? "*" : one(VARS) + (chance(50) ? " (" + expr(1) + " AS ?s1)" : "");
    String from =
        chance(10) ? " FROM " + graph() + (chance(50) ? " FROM NAMED " + graph() : "") : "";
    return PREFIX
        + "SELECT "
        + one("", "", "DISTINCT ")
        + what
        + from
        + (from.isEmpty() ? " " : " WHERE ")
        + group(2)
        + modifiers;
  }

  private String graph() {
    return one(":g1", ":g2", ":g3");
  }

  private String grouped(int depth) {
    String key = var();
    if (chance(15)) {
      return "SELECT (COUNT(*) AS ?n"
          + ++fresh
          + ") { { SELECT "
          + one("", "DISTINCT ")
          + key
          + " "
          + group(depth)
          + " "
          + one("LIMIT 2", "LIMIT 1 OFFSET 1", "OFFSET 2", "ORDER BY " + key + " LIMIT 3")
          + " } }";
    }
    String agg =
        one(
            "COUNT",
            "SUM",
            "MIN",
            "MAX",
            "AVG",
            "SAMPLE_COUNT",
            "COUNT_DISTINCT",
            "COUNT_ALL",
            "CONCAT",
            "SUM_DISTINCT",
            "AVG_DISTINCT",
            "EXTREMES");
    String of = var();
    String value =
        switch (agg) {
          case "SAMPLE_COUNT" -> "COUNT(DISTINCT *)";
          case "COUNT_DISTINCT" -> "COUNT(DISTINCT " + of + ")";
          case "COUNT_ALL" -> "COUNT(*)";
          case "CONCAT" ->
              "STRLEN(GROUP_CONCAT("
                  + one("", "DISTINCT ")
                  + one(of, str(of))
                  + "; SEPARATOR = \"--\"))";
          case "SUM_DISTINCT" -> "SUM(DISTINCT " + of + ")";
          case "AVG_DISTINCT" -> "AVG(DISTINCT " + of + ")";
          case "EXTREMES" ->
              "CONCAT("
                  + str("MIN(" + of + ")")
                  + ", "
                  + str("MAX(" + of + ")")
                  + ", STR(COUNT(*)))";
          default -> agg + "(" + (chance(80) ? of : expr(1)) + ")";
        };
    String name = "?n" + ++fresh;
    boolean keyed = chance(75);
    return "SELECT "
        + (keyed ? key + " " : "")
        + "("
        + value
        + " AS "
        + name
        + ") "
        + group(depth)
        + (keyed ? " GROUP BY " + (chance(20) ? "(" + str(var()) + " AS " + key + ")" : key) : "")
        + (chance(20) ? " HAVING (COUNT(*) > 1)" : "");
  }

  private String group(int depth) {
    StringBuilder out = new StringBuilder("{ ");
    int parts = 1 + random.nextInt(3);
    for (int i = 0; i < parts; i++) {
      out.append(part(depth, i == 0)).append(' ');
    }
    return out.append("}").toString();
  }

  private String part(int depth, boolean first) {
    int kind = random.nextInt(depth > 0 ? 16 : 6);
    if (first && kind > 3 && chance(60)) {
      kind = 0;
    }
    return switch (kind) {
      case 0, 1, 2 -> triple();
      case 3 -> triple() + " " + triple();
      case 4 -> "FILTER (" + condition(2) + ")";
      case 5 -> "BIND (" + expr(2) + " AS ?b" + ++fresh + ")";
      case 6, 7 -> "OPTIONAL " + group(depth - 1);
      case 8 -> group(depth - 1) + " UNION " + group(depth - 1);
      case 9 -> "MINUS " + group(depth - 1);
      case 10 ->
          "FILTER " + one("", "NOT ") + "EXISTS " + (chance(70) ? simple() : group(depth - 1));
      case 11 -> values();
      case 12 -> "GRAPH " + one("?g", ":g1", ":g2") + " " + group(depth - 1);
      case 13 ->
          "{ SELECT " + one("", "DISTINCT ") + var() + " " + var() + "2 " + group(depth - 1) + " }";
      case 14 -> "{ " + grouped(depth - 1) + " }";
      default ->
          (chance(75) ? var() : name())
              + " "
              + path(2)
              + " "
              + (chance(70) ? var() : name())
              + " .";
    };
  }

  private String triple() {
    String s = chance(75) ? var() : name();
    String p = chance(90) ? one(PREDICATES) : var();
    String o = chance(65) ? var() : term();
    return s + " " + p + " " + o + " .";
  }

  /** What EXISTS looks at. */
  private String simple() {
    return "{ "
        + triple()
        + (chance(40) ? " FILTER (" + condition(1) + ")" : "")
        + (chance(20) ? " OPTIONAL { " + triple() + " }" : "")
        + " }";
  }

  private String values() {
    List<String> vars = new ArrayList<>(List.of(var()));
    String other = var();
    if (!vars.contains(other)) {
      vars.add(other);
    }
    StringBuilder out = new StringBuilder("VALUES (" + String.join(" ", vars) + ") {");
    for (int i = random.nextInt(3); i >= 0; i--) {
      out.append(" (");
      for (int k = 0; k < vars.size(); k++) {
        out.append(chance(25) ? "UNDEF" : term()).append(' ');
      }
      out.append(')');
    }
    return out.append(" }").toString();
  }

  private String path(int depth) {
    if (depth == 0) {
      return one(PREDICATES);
    }
    return switch (random.nextInt(8)) {
      case 0 -> "(" + path(depth - 1) + ")*";
      case 1 -> "(" + path(depth - 1) + ")+";
      case 2 -> "(" + path(depth - 1) + ")?";
      case 3 -> "(" + path(depth - 1) + "/" + path(depth - 1) + ")";
      case 4 -> "(" + path(depth - 1) + "|" + path(depth - 1) + ")";
      case 5 -> inverse(path(depth - 1));
      case 6 -> "!(" + one(PREDICATES) + "|^" + one(PREDICATES) + ")";
      default -> one(PREDICATES);
    };
  }

  /** Jena loses solutions of the inverse of a sequence: docs/sparql-deviations.md. */
  private static String inverse(String path) {
    return path.contains("/") ? path : "^(" + path + ")";
  }

  private String condition(int depth) {
    if (depth == 0) {
      return "BOUND(" + var() + ")";
    }
    return switch (random.nextInt(13)) {
      case 9 -> "REGEX(" + str(var()) + ", " + one(PATTERNS) + ")";
      case 10 -> "LANGMATCHES(LANG(" + var() + "), " + one("\"en\"", "\"*\"", "\"EN-gb\"") + ")";
      case 11 -> one("CONTAINS", "STRSTARTS", "STRENDS") + "(" + var() + ", " + expr(0) + ")";
      case 12 -> expr(depth - 1); // the truth of a value
      case 0 -> condition(depth - 1) + " && " + condition(depth - 1);
      case 1 -> "(" + condition(depth - 1) + " || " + condition(depth - 1) + ")";
      case 2 -> "!(" + condition(depth - 1) + ")";
      case 3 -> "BOUND(" + var() + ")";
      case 4 -> "sameTerm(" + var() + ", " + term() + ")";
      case 5 -> one("isIRI", "isLiteral", "isBlank", "isNumeric") + "(" + var() + ")";
      case 6 -> var() + " " + one("IN", "NOT IN") + " (" + term() + ", " + term() + ")";
      default ->
          expr(depth - 1) + " " + one("=", "!=", "<", ">", "<=", ">=") + " " + expr(depth - 1);
    };
  }

  private String expr(int depth) {
    if (depth == 0) {
      return chance(65) ? var() : term();
    }
    if (chance(40)) {
      return function(depth);
    }
    return switch (random.nextInt(9)) {
      case 0 -> "(" + expr(depth - 1) + " + " + expr(depth - 1) + ")";
      case 1 -> "(" + expr(depth - 1) + " * " + expr(depth - 1) + ")";
      case 2 -> str(expr(depth - 1));
      case 3 -> "COALESCE(" + var() + ", " + expr(depth - 1) + ")";
      case 4 -> "IF(" + condition(1) + ", " + expr(depth - 1) + ", " + expr(depth - 1) + ")";
      case 5 -> "DATATYPE(" + var() + ")";
      case 6 -> "CONCAT(" + str(var()) + ", \"-\")";
      default -> var();
    };
  }

  /** Of a blank node Jena's STR is its label, and ours an error. */
  private static String str(String e) {
    return "IF(isBlank(" + e + "), 1 / 0, STR(" + e + "))";
  }

  private String function(int depth) {
    String e = expr(depth - 1);
    return switch (random.nextInt(16)) {
      case 0 -> one("UCASE", "LCASE", "STRLEN", "ENCODE_FOR_URI", "MD5", "SHA1") + "(" + e + ")";
      case 1 -> one("ABS", "CEIL", "FLOOR", "ROUND", "-") + "(" + e + ")";
      case 2 -> one("YEAR", "MONTH", "DAY", "HOURS", "SECONDS", "TZ", "TIMEZONE") + "(" + e + ")";
      case 3 -> "SUBSTR(" + e + ", " + one("0", "2", "1.5") + one("", ", 2", ", -1") + ")";
      case 4 ->
          one("STRBEFORE", "STRAFTER") + "(" + e + ", " + one("\"X\"", "\"\"", "\"b\"@en") + ")";
      case 5 -> "REPLACE(" + str(e) + ", \"(a|X)(.)\", \"$2-$1\"" + one("", ", \"i\"") + ")";
      case 6 -> "xsd:" + one(TYPES) + "(" + e + ")";
      case 7 -> "(" + e + " - " + expr(depth - 1) + ")";
      case 8 -> "(" + e + " / " + expr(depth - 1) + ")";
      case 9 -> one("IRI", "URI") + "(" + one(e, "\"rel\"", "\"../up#f\"") + ")";
      case 10 -> "STRLANG(" + str(e) + ", \"en\")";
      case 11 -> "STRDT(" + str(e) + ", xsd:" + one(TYPES) + ")";
      case 12 -> one("LANG", "DATATYPE", "isNumeric") + "(" + e + ")";
      case 13 -> "CONCAT(" + e + ", " + var() + ")";
      case 14 -> "IF(EXISTS " + simple() + ", " + e + ", " + var() + ")";
      default -> "(" + e + " " + one("=", "<", "IN (1, :a) || 2 >") + " " + expr(depth - 1) + ")";
    };
  }
}
