package dev.penstock.server.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.monitor.PenstockException;
import dev.penstock.server.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what that is more than reading: a line of JSON for each, in a file that only grows, and
 * in the log {@code dev.penstock.audit}.
 *
 * <pre>
 * {"time":"...","caller":"root","address":"127.0.0.1","action":"cancel","query":7,"detail":"..."}
 * </pre>
 *
 * <p>Actions: {@code cancel} and {@code change} of a query; {@code statement}: one that changes
 * something; {@code refused}: what a caller may not do, or a token that is not known. Thread-safe:
 * lines are written one after another.
 */
public final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.penstock.audit");
  private static final int MOST_CHARACTERS = 4096;

  private final @Nullable FileChannel file;

  private AuditLog(@Nullable FileChannel file) {
    this.file = file;
  }

  /** Blocking; null: no file. */
  public static AuditLog open(@Nullable Path path) {
    try {
      return new AuditLog(
          path == null
              ? null
              : FileChannel.open(
                  path,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw PenstockException.io(
          "audit-log", path + ": the audit log cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Writes a line.
   *
   * @param caller empty when nobody was known
   * @param query its id; 0: none
   * @param detail its beginning is written
   * @throws PenstockException when it cannot be: then the action is not to be done
   */
  public void add(String caller, String address, String action, long query, String detail) {
    ObjectNode line = Json.object();
    line.put("time", Instant.now().toString())
        .put("caller", caller)
        .put("address", address)
        .put("action", action);
    if (query > 0) {
      line.put("query", query);
    }
    line.put("detail", detail.substring(0, Math.min(MOST_CHARACTERS, detail.length())));
    LOG.info("{}", line);
    write(Json.bytes(line));
  }

  private synchronized void write(byte[] line) {
    if (file == null) {
      return;
    }
    ByteBuffer rest = ByteBuffer.wrap(line);
    try {
      while (rest.hasRemaining()) {
        file.write(rest);
      }
    } catch (IOException e) {
      throw PenstockException.io(
          "audit-log", "the audit log cannot be written: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      LOG.warn("the audit log was not closed: {}", e.toString());
    }
  }
}
