package dev.penstock.server.access;

import dev.penstock.compiler.queries.Query;
import dev.penstock.server.Refusal;
import java.util.Locale;

/**
 * Who asks.
 *
 * @param name the owner of the queries that this caller submits
 */
public record Caller(String name, Role role) {
  /** Of a server without tokens: a program on the same machine, which may do everything. */
  public static final Caller LOCAL = new Caller("local", Role.ADMIN);

  /** Refuses what the caller may not do. */
  public void needs(Role least, String what) {
    if (!role.includes(least)) {
      throw Refusal.of(
          403,
          "forbidden",
          what
              + " needs the role "
              + least.name().toLowerCase(Locale.ROOT)
              + ", and "
              + name
              + " has the role "
              + role.name().toLowerCase(Locale.ROOT));
    }
  }

  public boolean may(Role least) {
    return role.includes(least);
  }

  /** Whether the query is the caller's business at all. */
  public boolean sees(Query query) {
    return role == Role.ADMIN || (role == Role.SUBMIT && query.owner().equals(name));
  }
}
