package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.server.access.Tls;
import dev.penstock.sql.SqlCatalog;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  private Path keyStore() throws Exception {
    Path file = folder.resolve("server.p12");
    Process made =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "server",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said =
        new String(made.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertEquals(0, made.waitFor(), said);
    return file;
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }

  @Test
  void rowsComeOverTls() throws Exception {
    Path file = keyStore();
    KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    Files.writeString(certificate, pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
    Files.writeString(
        key, pem("PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded()));
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", store.getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    HttpClient http = HttpClient.newBuilder().sslContext(context).build();
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2))) {
      for (Tls tls : List.of(Tls.keyStore(file, PASSWORD), Tls.pem(certificate, key))) {
        try (Server server =
            Server.start(
                engine,
                new SqlCatalog(engine),
                ServerOptions.defaults().withPort(0).withTls(tls).withGrace(Duration.ZERO))) {
          assertEquals("https", server.address().getScheme());
          HttpRequest request =
              HttpRequest.newBuilder(server.address().resolve("/v1/queries?format=csv"))
                  .header("Content-Type", "application/sql")
                  .POST(HttpRequest.BodyPublishers.ofString("SELECT 1 AS a"))
                  .build();
          HttpResponse<String> r = http.send(request, HttpResponse.BodyHandlers.ofString());
          assertEquals("a\n1\n", r.body());
          assertEquals(
              "max-age=31536000", r.headers().firstValue("Strict-Transport-Security").orElse(""));
          Query query;
          try (Socket socket =
              context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            Sockets.write(
                socket,
                Sockets.post("SELECT count(*) FROM range(1000000000000)", "application/json"));
            OneServer.await(engine, () -> !engine.queries().running().isEmpty());
            query = engine.queries().running().get(0);
          }
          OneServer.await(engine, () -> query.state().isEnded());
          assertEquals(Reason.CLIENT_GONE, query.cause());
        }
      }
    }
    assertEquals(
        certificate
            + ": expected a key between 'BEGIN PRIVATE KEY' and 'END PRIVATE KEY' (PKCS #8, not"
            + " encrypted); openssl pkcs8 -topk8 -nocrypt makes one",
        assertThrows(PenstockException.class, () -> Tls.pem(certificate, certificate))
            .getMessage());
    Path none = folder.resolve("none");
    for (Executable reads :
        List.<Executable>of(
            () -> Tls.keyStore(none, PASSWORD),
            () -> Tls.pem(none, key),
            () -> Tls.pem(certificate, none))) {
      assertEquals(
          none + ": no such file", assertThrows(PenstockException.class, reads).getMessage());
    }
  }
}
