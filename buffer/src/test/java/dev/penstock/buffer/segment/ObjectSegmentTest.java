package dev.penstock.buffer.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.buffer.object.S3Server;
import dev.penstock.monitor.CancellationToken;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class ObjectSegmentTest extends SegmentContract {
  private static S3Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Override
  SegmentKind kind() {
    return Segments.object(server.store(), new CancellationToken());
  }

  @Override
  void assertNothingHeld() {
    assertEquals(0, server.count());
  }
}
