package dev.penstock.server.access;

import dev.penstock.server.Refusal;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each request before anything is done for it: is it from a page of another site, does it
 * name a host that this server has, whose token does it bring?
 *
 * <p>A page that a person has open in a browser could let the browser ask a server on the same
 * machine, by its name (then there is an {@code Origin}) or by a name of its own that resolves to
 * the loopback address (then {@code Host} is strange). Immutable; thread-safe.
 */
public final class Doorkeeper {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String BEARER = "bearer ";

  private final @Nullable Tokens tokens;

  /**
   * @param tokens null: none are asked for, and only names of the loopback address are served
   */
  public Doorkeeper(@Nullable Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * What a request says of itself.
   *
   * @param host the header, or empty
   * @param origin the header
   * @param site the header Sec-Fetch-Site
   * @param changes whether its method may change something
   */
  public record Request(
      String scheme,
      String host,
      @Nullable String origin,
      @Nullable String site,
      boolean changes) {}

  /** Refuses requests that strange pages made. */
  public void check(Request r) {
    if (tokens == null && !LOOPBACK.contains(name(r.host()))) {
      throw Refusal.of(
          421,
          "wrong-host",
          "expected a request to localhost, got one to '"
              + r.host()
              + "'; a server without tokens answers to no other name");
    }
    String origin = r.origin();
    boolean foreign = origin != null && !origin.equalsIgnoreCase(r.scheme() + "://" + r.host());
    if ((foreign && r.changes()) || "cross-site".equals(r.site())) {
      throw Refusal.of(
          403,
          "cross-origin",
          "a page of another site asks" + (origin == null ? "" : " (" + origin + ")"));
    }
  }

  /** A host without its port. */
  private static String name(String host) {
    int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
    return (end <= 0 ? host : host.substring(0, end)).toLowerCase(Locale.ROOT);
  }

  /** Who asks, by the header Authorization. */
  public Caller caller(@Nullable String authorization) {
    Tokens known = tokens;
    if (known == null) {
      return Caller.LOCAL;
    }
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw Refusal.of(
          401, "unauthorized", "expected a header 'Authorization: Bearer TOKEN', got none");
    }
    Caller caller = known.caller(authorization.substring(BEARER.length()).strip());
    if (caller == null) {
      throw Refusal.of(401, "unauthorized", "the token is not known here");
    }
    return caller;
  }
}
