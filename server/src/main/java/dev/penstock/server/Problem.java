package dev.penstock.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.monitor.PenstockException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error as clients get it: {@code {"error": {"category", "code", "message", "line", "column"}}}.
 *
 * @param status of the response, while it has not begun
 * @param category one of {@link PenstockException.Category}
 * @param code short, stable, for programs
 * @param message one line, for people
 * @param line in the text that was submitted, from 1; 0 when no place is known
 * @param column as line
 */
public record Problem(
    int status, String category, String code, String message, int line, int column) {
  /** How messages about a submitted text begin, see {@link #SQL} and {@link #PLAN}; or SPARQL. */
  private static final Pattern PLACE =
      Pattern.compile("(?:sql|plan|SPARQL):(\\d{1,9}):(\\d{1,9}): (.*)", Pattern.DOTALL);

  /** The name of a submitted text of SQL, as messages have it. */
  public static final String SQL = "sql";

  /** The name of a submitted plan. */
  public static final String PLAN = "plan";

  /** Of a failure, whatever it is; what is no {@link PenstockException} is a defect. */
  public static Problem of(Throwable e) {
    if (e instanceof Refusal r) {
      return r.problem();
    }
    if (e instanceof PenstockException p) {
      return of(p);
    }
    return of(PenstockException.fault("a defect in Penstock: " + e, e));
  }

  /** Of an error of the engine. */
  public static Problem of(PenstockException e) {
    String message = e.getMessage() == null ? e.code() : oneLine(e.getMessage());
    Matcher m = PLACE.matcher(message);
    boolean placed = m.matches();
    return new Problem(
        status(e),
        e.category().name(),
        e.code(),
        placed ? m.group(3) : message,
        placed ? Integer.parseInt(m.group(1)) : 0,
        placed ? Integer.parseInt(m.group(2)) : 0);
  }

  /** Of a request that is wrong before any query is. */
  static Problem incorrect(int status, String code, String message) {
    return new Problem(
        status, PenstockException.Category.INCORRECT.name(), code, oneLine(message), 0, 0);
  }

  private static int status(PenstockException e) {
    return switch (e.category()) {
      case INCORRECT -> 400;
      case UNSUPPORTED -> 422;
      case LIMIT -> e.code().startsWith("queue") ? 503 : 422;
      case IO, FAULT -> 500;
      case CANCELLED ->
          switch (e.code()) {
            case "timed-out" -> 504;
            case "shutdown" -> 503;
            default -> 409;
          };
    };
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** The value of {@code error}. */
  public ObjectNode node() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("category", category).put("code", code).put("message", message);
    if (line > 0) {
      node.put("line", line).put("column", column);
    }
    return node;
  }

  /** The whole body. */
  public byte[] body() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("error", node());
    return (node + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
