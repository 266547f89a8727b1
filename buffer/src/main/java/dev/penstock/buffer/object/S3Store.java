package dev.penstock.buffer.object;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ObjectStore} by the S3 API: five requests over the HTTP client of the JDK, signed here.
 * (The SDK of Amazon brings some fifty jars for them.)
 *
 * <p>Tried again: no answer, 408, 429, 5xx; {@code attempts} times in all, after 50 ms, 100 ms, ...
 * at most 5 s, half of it random.
 *
 * <p>Concurrency: thread-safe; it has no state but the client's connections.
 */
public final class S3Store implements ObjectStore {
  private static final int ATTEMPTS = 8;
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 5000;
  private static final int KEYS_PER_DELETE = 1000;
  private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");
  private static final Pattern NEXT =
      Pattern.compile("<NextContinuationToken>([^<]*)</NextContinuationToken>");
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final S3Address address;
  private final int attempts;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  public S3Store(S3Address address) {
    this(address, ATTEMPTS);
  }

  S3Store(S3Address address, int attempts) {
    this.address = address;
    this.attempts = attempts;
  }

  @Override
  public void put(String key, ByteBuffer body, CancellationToken token) {
    send("PUT", key, "", body, null, token);
  }

  @Override
  public byte[] get(String key, CancellationToken token) {
    return send("GET", key, "", NOTHING, null, token);
  }

  @Override
  public void delete(Collection<String> keys) {
    List<String> all = new ArrayList<>(keys);
    for (int from = 0; from < all.size(); from += KEYS_PER_DELETE) {
      StringBuilder xml = new StringBuilder("<Delete><Quiet>true</Quiet>");
      for (String key : all.subList(from, Math.min(all.size(), from + KEYS_PER_DELETE))) {
        xml.append("<Object><Key>")
            .append(escape(address.prefix() + key))
            .append("</Key></Object>");
      }
      ByteBuffer body = S3Signature.utf8(xml.append("</Delete>").toString());
      String md5 = Base64.getEncoder().encodeToString(S3Signature.digest("MD5", body));
      byte[] answer = send("POST", null, "delete=", body, md5, new CancellationToken());
      String text = new String(answer, StandardCharsets.UTF_8);
      if (text.contains("<Error>")) {
        throw refused("POST ?delete", address.toString(), 200, text);
      }
    }
  }

  @Override
  public List<String> list(String prefix) {
    List<String> keys = new ArrayList<>();
    String next = "";
    do {
      String query =
          (next.isEmpty() ? "" : "continuation-token=" + S3Signature.encode(next, false) + "&")
              + "list-type=2&prefix="
              + S3Signature.encode(address.prefix() + prefix, false);
      String text =
          new String(
              send("GET", null, query, NOTHING, null, new CancellationToken()),
              StandardCharsets.UTF_8);
      Matcher key = KEY.matcher(text);
      while (key.find()) {
        keys.add(unescape(key.group(1)).substring(address.prefix().length()));
      }
      Matcher more = NEXT.matcher(text);
      next = more.find() ? unescape(more.group(1)) : "";
    } while (!next.isEmpty());
    return keys;
  }

  @Override
  public String where(String key) {
    return address + key;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String unescape(String text) {
    return text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
  }

  private byte[] send(
      String method,
      @Nullable String key,
      String query,
      ByteBuffer body,
      @Nullable String md5,
      CancellationToken token) {
    String path = key == null ? "" : "/" + S3Signature.encode(address.prefix() + key, true);
    URI uri = URI.create(address.bucketUrl() + path + (query.isEmpty() ? "" : "?" + query));
    String where = key == null ? address.toString() : where(key);
    String last = "";
    IOException cause = null;
    for (int attempt = 0; attempt < attempts; attempt++) {
      token.check();
      if (attempt > 0) {
        pause(attempt, token);
      }
      try {
        HttpResponse<byte[]> answer = exchange(request(method, uri, body, md5), token);
        int status = answer.statusCode();
        if (status < 300) {
          return answer.body();
        }
        last = "HTTP " + status;
        if (status != 408 && status != 429 && status < 500) {
          String text = new String(answer.body(), StandardCharsets.UTF_8);
          throw refused(method, where, status, text);
        }
      } catch (IOException e) {
        cause = e;
        last = e.toString();
      }
    }
    throw new PenstockException(
        PenstockException.Category.IO,
        "store-failed",
        method
            + " "
            + where
            + " failed "
            + attempts
            + " times, at last with "
            + last
            + "; see that the store can be reached",
        cause);
  }

  private HttpRequest request(String method, URI uri, ByteBuffer body, @Nullable String md5) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body.hasRemaining()
                    ? HttpRequest.BodyPublishers.ofByteArray(bytes(body))
                    : HttpRequest.BodyPublishers.noBody());
    if (md5 != null) {
      request.header("Content-MD5", md5);
    }
    S3Signature.sign(request, method, uri, body, address, Instant.now());
    return request.build();
  }

  private static byte[] bytes(ByteBuffer body) {
    byte[] out = new byte[body.remaining()];
    body.get(body.position(), out);
    return out;
  }

  /** Waits for the answer, or until the token says that nobody wants it. */
  private HttpResponse<byte[]> exchange(HttpRequest request, CancellationToken token)
      throws IOException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    Runnable cancel = () -> answer.cancel(true);
    token.onCancel(cancel);
    try {
      return answer.get();
    } catch (CancellationException e) {
      token.check();
      throw new IOException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw PenstockException.io("store-failed", "interrupted while waiting for a store", e);
    } finally {
      token.removeListener(cancel);
    }
  }

  private static void pause(int attempt, CancellationToken token) {
    long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(20, attempt - 1));
    long millis = most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
    CompletableFuture<Void> cancelled = new CompletableFuture<>();
    Runnable wake = () -> cancelled.complete(null);
    token.onCancel(wake);
    try {
      cancelled.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException over) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PenstockException.io("store-failed", "interrupted while waiting for a store", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      token.removeListener(wake);
    }
    token.check();
  }

  private static PenstockException refused(String method, String where, int status, String text) {
    Matcher code = Pattern.compile("<Code>([^<]*)</Code>").matcher(text);
    return new PenstockException(
        PenstockException.Category.IO,
        "store-refused",
        method
            + " "
            + where
            + ": the store says "
            + (code.find() ? code.group(1) : "HTTP " + status)
            + "; see the bucket, the credentials and their rights");
  }
}
