package dev.penstock.sql.differential;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query as it is sent.
 *
 * @param parameters the values of its question marks, in order
 */
record Written(String sql, List<@Nullable Object> parameters) {

  @Override
  public String toString() {
    return parameters.isEmpty() ? sql : sql + " -- parameters " + parameters;
  }
}
