package dev.penstock.benchmarks.sqllogictest;

import dev.penstock.monitor.PenstockException;
import java.util.regex.Pattern;

/** One reason out of many messages: what differs from record to record is left out. */
final class Reasons {
  private static final Pattern PLACE = Pattern.compile("^(line )?\\d+[:, ]+(column )?\\d+: ");
  private static final Pattern HINT =
      Pattern.compile("; did you mean [^?]*\\?|\\((there (is|are)|known)[^)]*\\)", Pattern.DOTALL);
  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final int LENGTH = 140;

  private Reasons() {}

  static String message(Throwable error) {
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }

  static String of(Throwable error) {
    String text = PLACE.matcher(message(error).lines().findFirst().orElse("")).replaceFirst("");
    text = HINT.matcher(text).replaceAll("");
    text = DIGITS.matcher(text).replaceAll("N");
    text = text.length() > LENGTH ? text.substring(0, LENGTH) + " ..." : text;
    return error instanceof PenstockException e ? e.code() + ": " + text : text;
  }

  static Tally.Failure kind(Throwable error) {
    if (error instanceof Runner.Stuck) {
      return Tally.Failure.TIME;
    }
    if (!(error instanceof PenstockException e)) {
      return Tally.Failure.FAULT;
    }
    return switch (e.category()) {
      case UNSUPPORTED -> Tally.Failure.UNSUPPORTED;
      case FAULT -> Tally.Failure.FAULT;
      case CANCELLED -> Tally.Failure.TIME;
      default -> Tally.Failure.ERROR;
    };
  }
}
