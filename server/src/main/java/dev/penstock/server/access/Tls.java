package dev.penstock.server.access;

import dev.penstock.monitor.PenstockException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The certificate that a server shows, and its key. Immutable. */
public final class Tls {
  private static final char[] NO_PASSWORD = {};
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private final KeyStore store;
  private final char[] password;

  private Tls(KeyStore store, char[] password) {
    this.store = store;
    this.password = password;
  }

  /** A keystore (PKCS12 or JKS) with one key. Blocking. */
  public static Tls keyStore(Path file, String password) {
    checkIsFile(file);
    try {
      char[] secret = password.toCharArray();
      return new Tls(KeyStore.getInstance(file.toFile(), secret), secret);
    } catch (GeneralSecurityException | IOException e) {
      throw PenstockException.io(
          "tls", file + ": expected a keystore and its password: " + e.getMessage(), e);
    }
  }

  /**
   * Files in PEM. Blocking.
   *
   * @param certificates the server's own, then those above it
   * @param key PKCS #8, not encrypted: {@code BEGIN PRIVATE KEY}
   */
  public static Tls pem(Path certificates, Path key) {
    checkIsFile(certificates);
    checkIsFile(key);
    try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(certificates))) {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .toArray(new Certificate[0]);
      if (chain.length == 0) {
        throw PenstockException.incorrect("tls", certificates + ": has no certificate");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      PrivateKey secret = privateKey(key, chain[0].getPublicKey().getAlgorithm());
      store.setKeyEntry("server", secret, NO_PASSWORD, chain);
      return new Tls(store, NO_PASSWORD);
    } catch (GeneralSecurityException | IOException e) {
      throw PenstockException.io(
          "tls", certificates + ", " + key + ": expected PEM: " + e.getMessage(), e);
    }
  }

  private static void checkIsFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw PenstockException.incorrect("tls", file + ": no such file");
    }
  }

  private static PrivateKey privateKey(Path file, String algorithm)
      throws IOException, GeneralSecurityException {
    Matcher m = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!m.find()) {
      throw PenstockException.incorrect(
          "tls",
          file
              + ": expected a key between 'BEGIN PRIVATE KEY' and 'END PRIVATE KEY' (PKCS #8, not"
              + " encrypted); openssl pkcs8 -topk8 -nocrypt makes one");
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(m.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (InvalidKeySpecException e) {
      throw new PenstockException(
          PenstockException.Category.INCORRECT,
          "tls",
          file + ": is no key of the certificate's algorithm " + algorithm,
          e);
    }
  }

  /** For Jetty; TLS 1.2 and 1.3. */
  public SslContextFactory.Server factory() {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setKeyStore(store);
    factory.setKeyStorePassword(new String(password));
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return factory;
  }
}
