package dev.penstock.sparql;

import dev.penstock.monitor.PenstockException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.jena.query.QueryException;
import org.apache.jena.query.QueryParseException;

/** What Jena says of a text that is no query, in one line that begins with the place. */
final class SyntaxProblem {
  private static final Pattern PLACE =
      Pattern.compile("(?:\\s*at l|^L)ine (\\d+), column (\\d+)[.:]?");
  private static final Pattern GOT =
      Pattern.compile("(?:Lexical error )?Encountered:?\\s*\"?\\s*(.*?)\\s*\"?");
  private static final Pattern EXPECTING = Pattern.compile("Was expecting(?: one of)?:");
  private static final Pattern UPDATE =
      Pattern.compile("^got ['<](INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)[_']");
  private static final int MOST_EXPECTED = 12;

  private SyntaxProblem() {}

  static PenstockException of(QueryException e) {
    String message = String.valueOf(e.getMessage()).strip();
    Matcher at = PLACE.matcher(message);
    // of the token that is wrong; Jena's own figures are those of the one before
    String place = at.find() ? ":" + at.group(1) + ":" + column(at.group(2)) : place(e);
    String all = at.replaceFirst(" ");
    String[] parts = EXPECTING.split(all, 2);
    String what = parts[0].strip().replaceAll("\\s+", " ");
    Matcher got = GOT.matcher(what);
    if (got.matches()) {
      what = "got " + token(got.group(1));
    }
    if (parts.length == 2 && parts[1].contains("\"ask\"") && UPDATE.matcher(what).find()) {
      what = "expected a query, " + what + ": there are no updates here, triples come from files";
    } else if (parts.length == 2) {
      what = "expected " + expected(parts[1]) + ", " + what;
    }
    return new PenstockException(
        PenstockException.Category.INCORRECT, "sparql-syntax", "SPARQL" + place + ": " + what, e);
  }

  /** An empty text ends in column 0. */
  private static String column(String written) {
    return written.equals("0") ? "1" : written;
  }

  private static String place(QueryException e) {
    return e instanceof QueryParseException p && p.getLine() > 0
        ? ":" + p.getLine() + ":" + p.getColumn()
        : "";
  }

  /** JavaCC writes {@code " "}" "} "}: the name of the token, and its text. */
  private static String token(String written) {
    int between = written.indexOf("\" \"");
    return between < 0
        ? written.replace("\"", "")
        : "'" + written.substring(between + 3).replaceAll("[\\s\"]+$", "") + "'";
  }

  private static String expected(String list) {
    List<String> all =
        list.lines()
            .map(l -> l.strip().replaceAll("\\s*\\.\\.\\.$", "").replaceAll("^\"|\"$", ""))
            .filter(l -> !l.isEmpty() && !l.startsWith("\\u"))
            .toList();
    String shown = all.stream().limit(MOST_EXPECTED).collect(Collectors.joining(" "));
    return (all.size() > 1 ? "one of " : "") + shown + (all.size() > MOST_EXPECTED ? " ..." : "");
  }
}
