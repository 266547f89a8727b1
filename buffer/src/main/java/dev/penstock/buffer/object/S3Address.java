package dev.penstock.buffer.object;

import dev.penstock.monitor.PenstockException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bucket, where it is, and who asks.
 *
 * @param endpoint of a store other than that of Amazon, or null; buckets are then part of the path
 * @param prefix before all keys; empty or ending with a slash
 * @param sessionToken of temporary credentials, or null
 */
public record S3Address(
    @Nullable URI endpoint,
    String region,
    String bucket,
    String prefix,
    String accessKey,
    String secretKey,
    @Nullable String sessionToken) {

  /**
   * Reads {@code s3://bucket/prefix}; who asks and where comes from the environment: {@code
   * AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY}, {@code AWS_SESSION_TOKEN}, {@code
   * AWS_REGION} (else us-east-1), {@code AWS_ENDPOINT_URL}.
   */
  public static S3Address of(String url, Map<String, String> environment) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw bad(url);
    }
    String bucket = uri.getHost() == null ? uri.getAuthority() : uri.getHost();
    if (!"s3".equals(uri.getScheme()) || bucket == null) {
      throw bad(url);
    }
    String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("^/+|/+$", "");
    String endpoint = environment.get("AWS_ENDPOINT_URL");
    return new S3Address(
        endpoint == null ? null : URI.create(endpoint),
        environment.getOrDefault("AWS_REGION", "us-east-1"),
        bucket,
        path.isEmpty() ? "" : path + "/",
        need(environment, "AWS_ACCESS_KEY_ID", url),
        need(environment, "AWS_SECRET_ACCESS_KEY", url),
        environment.get("AWS_SESSION_TOKEN"));
  }

  private static String need(Map<String, String> environment, String name, String url) {
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      throw PenstockException.incorrect(
          "store-credentials", url + " needs credentials: set " + name + " in the environment");
    }
    return value;
  }

  private static PenstockException bad(String url) {
    return PenstockException.incorrect(
        "bad-store-url", "'" + url + "' is no object store; expected s3://bucket/prefix");
  }

  /** The URL of the bucket, without a slash at its end. */
  String bucketUrl() {
    URI e = endpoint;
    if (e == null) {
      return "https://" + bucket + ".s3." + region + ".amazonaws.com";
    }
    String base = e.toString();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/" + bucket;
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix; // without the secret
  }
}
