package dev.penstock.buffer.object;

import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;

/** A real S3 server in this JVM, with objects on the heap; it checks signatures. */
public final class S3Server implements AutoCloseable {
  private static final String BUCKET = "spill";
  private final BlobStoreContext context =
      ContextBuilder.newBuilder("transient")
          .credentials("id", "secret")
          .overrides(new Properties())
          .buildView(BlobStoreContext.class);
  private final BlobStore objects = context.getBlobStore();
  private S3Proxy server;
  private int port;

  public S3Server() throws Exception {
    objects.createContainerInLocation(null, BUCKET);
    start();
  }

  /** Starts it, again on the same port. */
  void start() throws Exception {
    server =
        S3Proxy.builder()
            .blobStore(objects)
            .endpoint(URI.create("http://127.0.0.1:" + port))
            .awsAuthentication(AuthenticationType.AWS_V4, "mine", "hidden")
            .build();
    server.start();
    port = server.getPort();
  }

  void stop() throws Exception {
    server.stop();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  S3Address address(String secret) {
    return new S3Address(endpoint(), "us-east-1", BUCKET, "a prefix/", "mine", secret, null);
  }

  public S3Store store() {
    return new S3Store(address("hidden"));
  }

  /** How many objects there are. */
  public long count() {
    return objects.countBlobs(BUCKET);
  }

  @Override
  public void close() throws Exception {
    server.stop();
    context.close();
  }
}
