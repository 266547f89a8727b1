package dev.penstock.server.access;

import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bearer tokens and whose they are. Only their hashes are known: a file with a line for each.
 *
 * <pre>
 * # name   role     SHA-256 of the token, in hex
 * ann      admin    9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 * reports  submit   60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
 * </pre>
 *
 * <p>A hash without salt is enough for tokens that were made by chance ({@link #fresh}), and not
 * for passwords. Immutable; thread-safe.
 */
public final class Tokens {
  private static final int FRESH_BYTES = 32;
  private static final int MOST_BYTES = 1 << 20;
  private static final Pattern LINE =
      Pattern.compile("([\\w.@-]{1,64})\\s+(read|submit|admin)\\s+([0-9a-fA-F]{64})");

  private record Entry(byte[] hash, Caller caller) {}

  private final List<Entry> entries;

  private Tokens(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** Reads a file of tokens. Blocking. */
  public static Tokens read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw PenstockException.limit(
            "token-file", file + ": a file of tokens has at most 1 MiB, this one is longer");
      }
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw PenstockException.io("token-file", file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * @param source stands before the line in messages
   */
  static Tokens parse(String source, String text) {
    List<Entry> entries = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher m = LINE.matcher(line);
      if (!m.matches()) {
        // the line is not shown: it may hold a token
        throw wrong(
            source,
            number,
            "expected 'name role hash' with a role of read, submit or admin"
                + " and the SHA-256 of the token as 64 hex digits");
      }
      if (!seen.add(m.group(3).toLowerCase(Locale.ROOT))) {
        throw wrong(source, number, "the same token stands in a line before");
      }
      entries.add(
          new Entry(
              HexFormat.of().parseHex(m.group(3)),
              new Caller(m.group(1), Role.valueOf(m.group(2).toUpperCase(Locale.ROOT)))));
    }
    if (entries.isEmpty()) {
      throw PenstockException.incorrect("token-file", source + ": has no token");
    }
    return new Tokens(entries);
  }

  private static PenstockException wrong(String source, int line, String message) {
    return PenstockException.incorrect("token-file", source + ":" + line + ": " + message);
  }

  /** Whose token it is; null: nobody's. Takes the same time for each wrong token. */
  public @Nullable Caller caller(String token) {
    byte[] hash = hash(token);
    Caller found = null;
    for (Entry e : entries) {
      if (MessageDigest.isEqual(e.hash(), hash)) {
        found = e.caller();
      }
    }
    return found;
  }

  /** A new token, of 256 random bits. */
  public static String fresh() {
    byte[] bytes = new byte[FRESH_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The line of a file of tokens. */
  public static String line(String name, Role role, String token) {
    String line =
        name
            + " "
            + role.name().toLowerCase(Locale.ROOT)
            + " "
            + HexFormat.of().formatHex(hash(token));
    if (!LINE.matcher(line).matches()) {
      throw PenstockException.incorrect(
          "token-name",
          "expected a name of 1 to 64 letters, digits and . _ @ -, got '" + name + "'");
    }
    return line;
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
