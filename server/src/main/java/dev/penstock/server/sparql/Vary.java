package dev.penstock.server.sparql;

import jakarta.servlet.http.HttpServletResponse;

/** What a response hangs on beside its address: one header, whoever adds to it. */
public final class Vary {
  private Vary() {}

  /**
   * @param headers names of headers of the request, with commas between them
   */
  public static void by(HttpServletResponse response, String headers) {
    String before = response.getHeader("Vary");
    response.setHeader("Vary", before == null ? headers : before + ", " + headers);
  }
}
