package dev.penstock.buffer.object;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests: AWS Signature Version 4, the hash of the body included. */
final class S3Signature {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private S3Signature() {}

  /** Adds the headers; the path and query of the URI are as {@link #encode} makes them. */
  static void sign(
      HttpRequest.Builder request,
      String method,
      URI uri,
      ByteBuffer body,
      S3Address who,
      Instant now) {
    String time = TIME.format(now);
    String day = time.substring(0, 8);
    String bodyHash = hex(sha256(body));
    Map<String, String> headers = new TreeMap<>();
    headers.put("host", uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
    headers.put("x-amz-content-sha256", bodyHash);
    headers.put("x-amz-date", time);
    String session = who.sessionToken();
    if (session != null) {
      headers.put("x-amz-security-token", session);
    }
    StringBuilder canonical = new StringBuilder(method).append('\n');
    canonical.append(uri.getRawPath()).append('\n');
    canonical.append(uri.getRawQuery() == null ? "" : uri.getRawQuery()).append('\n');
    headers.forEach((name, value) -> canonical.append(name).append(':').append(value).append('\n'));
    String names = String.join(";", headers.keySet());
    canonical.append('\n').append(names).append('\n').append(bodyHash);
    String scope = day + "/" + who.region() + "/s3/aws4_request";
    String toSign =
        "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + hex(sha256(utf8(canonical.toString())));
    byte[] key = hmac(("AWS4" + who.secretKey()).getBytes(StandardCharsets.UTF_8), day);
    key = hmac(hmac(hmac(key, who.region()), "s3"), "aws4_request");
    headers.remove("host"); // the client's own
    headers.forEach(request::header);
    request.header(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential="
            + who.accessKey()
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + hex(hmac(key, toSign)));
  }

  /** Percent-encoding as the signature wants it: all but letters, digits and -._~ (and slashes). */
  static String encode(String text, boolean keepSlashes) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0
              || (keepSlashes && c == '/');
      if (plain) {
        out.append(c);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }

  static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] sha256(ByteBuffer body) {
    return digest("SHA-256", body);
  }

  static byte[] digest(String algorithm, ByteBuffer body) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(body.duplicate());
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
