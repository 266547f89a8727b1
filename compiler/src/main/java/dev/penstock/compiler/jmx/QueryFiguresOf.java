package dev.penstock.compiler.jmx;

import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QuerySnapshot;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The figures of a snapshot. */
final class QueryFiguresOf implements QueryFigures {
  private final QuerySnapshot now;

  QueryFiguresOf(Query query) {
    this.now = query.snapshot();
  }

  @Override
  public long getId() {
    return now.id();
  }

  @Override
  public String getOwner() {
    return now.owner();
  }

  @Override
  public String getText() {
    return now.text();
  }

  @Override
  public String getState() {
    return now.state().name();
  }

  @Override
  public String getPriority() {
    return now.priority().name();
  }

  @Override
  public String getBegun() {
    return text(now.begun());
  }

  @Override
  public String getEnded() {
    return text(now.ended());
  }

  @Override
  public String getDeadline() {
    return text(now.deadline());
  }

  private static String text(@Nullable Instant at) {
    return at == null ? "" : at.toString();
  }

  @Override
  public double getElapsedSeconds() {
    return now.elapsedNanos() / 1e9;
  }

  @Override
  public double getPlanningSeconds() {
    return now.planningNanos() / 1e9;
  }

  @Override
  public double getQueuedSeconds() {
    return now.queuedNanos() / 1e9;
  }

  @Override
  public double getBusySeconds() {
    return now.busyNanos() / 1e9;
  }

  @Override
  public double getProgress() {
    return now.progress().share();
  }

  @Override
  public double getSecondsLeft() {
    Duration left = now.progress().left();
    return left == null ? -1 : left.toMillis() / 1e3;
  }

  @Override
  public long getRows() {
    return now.rows();
  }

  @Override
  public long getMemoryBytes() {
    return now.memoryBytes();
  }

  @Override
  public long getPeakMemoryBytes() {
    return now.peakMemoryBytes();
  }

  @Override
  public long getSpilledBytes() {
    return now.spilledBytes();
  }

  @Override
  public long getDiskBytes() {
    return now.diskBytes();
  }

  @Override
  public String getCause() {
    Reason cause = now.cause();
    return cause == null ? "" : cause.name();
  }

  @Override
  public String getError() {
    PenstockException error = now.error();
    return error == null ? "" : String.valueOf(error.getMessage());
  }
}
