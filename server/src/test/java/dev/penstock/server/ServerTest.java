package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Result;
import dev.penstock.sql.SqlSession;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries over a connection: rows in every format, parameters, errors. */
final class ServerTest extends OneServer {
  @Test
  void rowsAreOneJsonDocument() {
    HttpResponse<String> r =
        client.query("{\"sql\": \"SELECT n, 'x' || n AS t FROM (VALUES (1), (NULL)) v(n)\"}");
    assertEquals(200, r.statusCode());
    assertEquals("application/json", r.headers().firstValue("Content-Type").orElse(""));
    String id = r.headers().firstValue("Penstock-Query").orElse("");
    assertEquals(
        "{\"query\":"
            + id
            + ",\"columns\":[{\"name\":\"n\",\"type\":\"int32\",\"nullable\":true},"
            + "{\"name\":\"t\",\"type\":\"varchar\",\"nullable\":true}],\n\"rows\":[\n"
            + "{\"n\":1,\"t\":\"x1\"},\n{\"n\":null,\"t\":null}\n]\n,\"count\":2}\n",
        r.body());
    assertEquals(2, Client.json(r).get("rows").size());
  }

  @Test
  void formatsGoByAccept() {
    String sql = "SELECT 1 AS a, 'x,y' AS b";
    assertEquals("{\"a\":1,\"b\":\"x,y\"}\n", client.sql(sql, "application/x-ndjson").body());
    HttpResponse<String> csv = client.sql(sql, "image/png, text/csv;q=0.8, */*;q=0.1");
    assertEquals("a,b\n1,\"x,y\"\n", csv.body());
    assertEquals(
        "text/csv; charset=utf-8; header=present",
        csv.headers().firstValue("Content-Type").orElse(""));
    assertEquals(
        "406 INCORRECT not-acceptable Accept: expected one of application/json,"
            + " application/x-ndjson, text/csv, application/vnd.apache.arrow.stream,"
            + " application/vnd.apache.parquet or */*, got 'image/png'",
        Client.error(client.sql(sql, "image/png")));
  }

  @Test
  void parquetIsAFile(@TempDir Path folder) throws Exception {
    HttpResponse<Path> r =
        client.file(
            "SELECT range AS n, 'x' || range AS t FROM range(5000)",
            "application/vnd.apache.parquet",
            folder.resolve("r.parquet"));
    assertEquals(200, r.statusCode());
    assertEquals(
        Long.toString(Files.size(r.body())), r.headers().firstValue("Content-Length").orElse(""));
    try (Engine other = Engine.create();
        Result rows =
            new SqlSession(other)
                .execute("SELECT count(*), sum(n), max(t) FROM '" + r.body() + "'")) {
      assertEquals("[5000, 12497500, x999]", java.util.Arrays.toString(rows.rows().get(0)));
    }
    assertEquals(
        "400 INCORRECT",
        Client.error(
                client.sql(
                    "SELECT 10 / (range - 900000) AS n FROM range(1000000)",
                    "application/vnd.apache.parquet"))
            .substring(0, 13));
  }

  @Test
  void arrowIsAStream() {
    HttpResponse<byte[]> r = client.bytes("SELECT 1 AS a", "application/vnd.apache.arrow.stream");
    assertEquals(200, r.statusCode());
    byte[] end = {-1, -1, -1, -1, 0, 0, 0, 0};
    assertArrayEquals(
        end, java.util.Arrays.copyOfRange(r.body(), r.body().length - 8, r.body().length));
  }

  @Test
  void parametersHaveTypes() {
    HttpResponse<String> r =
        client.query(
            "{\"sql\": \"SELECT ? + 1 AS a, ? AS b, ? AS c, ? AS d\", \"parameters\": [41, null, 1.50,"
                + " {\"type\": \"date\", \"value\": \"2026-01-31\"}]}");
    assertEquals(
        "[{\"a\":42,\"b\":null,\"c\":1.50,\"d\":\"2026-01-31\"}]",
        r.body()
            .substring(r.body().indexOf("\"rows\":") + 7, r.body().lastIndexOf("]") + 1)
            .replace("\n", ""));
    assertEquals(
        "400 INCORRECT body parameters[0]: expected a value of type date, got"
            + " {\"type\":\"date\",\"value\":\"31.1.\"}",
        Client.error(
            client.query(
                "{\"sql\": \"SELECT ?\", \"parameters\": [{\"type\": \"date\", \"value\":"
                    + " \"31.1.\"}]}")));
    assertEquals(
        "400 INCORRECT sql-parameters the statement has 1 parameter, got 0 values",
        Client.error(client.query("{\"sql\": \"SELECT ?\"}")));
  }

  @Test
  void plansAreTextToo() {
    HttpResponse<String> r =
        client.query(
            "{\"plan\": \"(filter+ (> A (param 0 1)) (values+ [A] [[1] [2] [3]]))\","
                + " \"parameters\": [2]}");
    assertEquals("[{\"A\":3}]", Client.json(r).get("rows").toString());
    assertEquals(
        "400 INCORRECT unknown-column 1:13 unknown column B; the columns here are A",
        Client.error(client.query("{\"plan\": \"(filter+ (> B 1) (values+ [A] [[1]]))\"}")));
  }

  @Test
  void problemsHaveOneShape() {
    assertEquals(
        "400 INCORRECT sql 1:8",
        Client.error(client.query("{\"sql\": \"SELECT b FROM (VALUES (1)) v(a)\"}"))
            .replaceAll("(\\d:\\d+) .*", "$1"));
    assertEquals(
        "400 INCORRECT body expected either 'sql' or 'plan', got none of them",
        Client.error(client.query("{}")));
    assertEquals(
        "400 INCORRECT body unknown key 'sqll' (there are idleTimeoutSeconds, memoryBytes, parameters,"
            + " plan, priority, queueTimeoutSeconds, settings, sql, timeoutSeconds, wait)",
        Client.error(client.query("{\"sqll\": \"SELECT 1\"}")));
    assertEquals(
        "400 INCORRECT sql-statements expected one statement, got 2; send each by itself",
        Client.error(client.query("{\"sql\": \"SELECT 1; SELECT 2\"}")));
    assertEquals(
        "400 INCORRECT sql-setting SET changes a session, and each request stands for itself: send"
            + " 'settings' with the statement that they are for",
        Client.error(client.query("{\"sql\": \"SET statement_timeout = 5\"}")));
    assertEquals(
        "504 CANCELLED timed-out the query was stopped at its deadline, after 0.03s; give it a"
            + " longer timeout",
        Client.error(
            client.query(
                "{\"sql\": \"SELECT count(*) FROM range(1000000000000)\","
                    + " \"settings\": {\"statement_timeout\": 30}}")));
    assertEquals(
        "400 INCORRECT body timeoutSeconds: expected a number above 0 and of at most 1e9, got 0",
        Client.error(client.query("{\"sql\": \"SELECT 1\", \"timeoutSeconds\": 0}")));
    assertTrue(Client.error(client.query("{\"sql\": ")).startsWith("400 INCORRECT body the body"));
    assertEquals(
        "415 INCORRECT content-type Content-Type: expected application/json, application/sql or"
            + " application/edn, got 'text/plain'",
        Client.error(
            client.send(
                client
                    .request("/v1/queries")
                    .POST(HttpRequest.BodyPublishers.ofString("SELECT 1"))
                    .header("Content-Type", "text/plain"))));
    assertEquals(
        "404 INCORRECT no-such-query no query 999 runs or is remembered",
        Client.error(client.get("/v1/queries/999")));
    assertEquals(
        "404 INCORRECT not-found there is nothing at /v1/nowhere",
        Client.error(client.get("/v1/nowhere")));
    assertEquals(
        "405 INCORRECT method /v1/tables does not take the method DELETE",
        Client.error(client.delete("/v1/tables")));
    assertEquals(
        "413 LIMIT body-size the body of the request is too long",
        Client.error(client.query("{\"sql\": \"" + "x".repeat(100_000) + "\"}")));
    assertEquals(
        "431 INCORRECT http Request Header Fields Too Large",
        Client.error(client.send(client.request("/health").header("X", "x".repeat(20_000)))));
  }

  private static String nested(int levels, String open, String inner, String close) {
    return open.repeat(levels) + inner + close.repeat(levels);
  }

  /** One line, without the names of what is inside. */
  private static String refused(HttpResponse<String> r) {
    String error = Client.error(r);
    assertTrue(error.startsWith("400 ") || error.startsWith("422 "), error);
    assertEquals(1, error.lines().count(), error);
    assertTrue(
        error.length() < 300 && !error.matches(".*(Error|Exception|calcite|\\.java).*"), error);
    return error;
  }

  @Test
  void deepTextsAreRefused() {
    for (String json :
        List.of(
            "{\"plan\": \"" + nested(40_000, "(", "", ")") + "\"}",
            "{\"plan\": \"" + nested(600, "(filter+ true ", "(values+ [A] [[1]])", ")") + "\"}",
            "{\"plan\": \"(filter+ " + nested(600, "(not ", "true", ")") + " (table+ t))\"}",
            "{\"a\": " + nested(40_000, "[", "", "]") + "}",
            "{\"sql\": \"SELECT " + nested(40_000, "(", "1", ")") + "\"}",
            "{\"sql\": \"" + nested(2000, "SELECT * FROM (", "SELECT 1", ")") + "\"}",
            "{\"sql\": \"SELECT " + nested(4000, "CASE WHEN ", "TRUE", " THEN 1 END") + "\"}",
            "{\"sql\": \"SELECT " + "NOT ".repeat(20_000) + "TRUE\"}",
            "{\"sql\": \"SELECT 1" + " + n".repeat(20_000) + " FROM range(3) AS r(n)\"}")) {
      refused(client.query(json));
    }
    assertEquals(
        "400 INCORRECT sql-syntax 1:1008 the statement is nested more than 1000 levels deep; simplify it, or"
            + " cut it with WITH",
        refused(client.sql("SELECT " + nested(1001, "(", "1", ")"), "text/csv")));
    assertEquals(
        "422 LIMIT too-deep 1:7169 the plan is nested more than 512 levels deep",
        refused(
                client.query(
                    "{\"plan\": \"" + nested(600, "(filter+ true ", "(table+ t)", ")") + "\"}"))
            .replaceAll("; in .*", ""));
    assertEquals(
        "413 LIMIT body-size the body of the request is too long",
        Client.error(client.sql("SELECT " + "1 + ".repeat(30_000) + "1", "text/csv")));
    Client own = new Client(server.address()); // its connection is closed after such an answer
    assertEquals(
        "414 INCORRECT http URI Too Long",
        Client.error(own.get("/v1/tables/" + "x".repeat(20_000))));
  }

  @Test
  void filesOutsideAreRefused() {
    assertEquals(
        "400 INCORRECT outside-folder",
        Client.error(client.query("{\"sql\": \"SELECT * FROM read_csv('/etc/passwd')\"}"))
            .replaceAll("(outside-folder).*", "$1"));
    assertEquals(
        "400 INCORRECT outside-folder",
        Client.error(client.query("{\"plan\": \"(table+ \\\"/etc/no*\\\" {:format :csv})\"}"))
            .replaceAll("(outside-folder).*", "$1"));
  }
}
