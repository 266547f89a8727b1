package dev.penstock.server.access;

/** What a caller may do; each role may do what those before it may. */
public enum Role {
  /** See the tables and the figures of the server. */
  READ,
  /** Run statements that change nothing; see and cancel their own. */
  SUBMIT,
  /** Run any statement; see, change and cancel the queries of all. */
  ADMIN;

  boolean includes(Role other) {
    return compareTo(other) >= 0;
  }
}
