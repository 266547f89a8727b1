package dev.penstock.compiler.jmx;

import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QuerySnapshot;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The figures of a query, each as it is when it is asked for. */
class QueryFiguresOf implements QueryFigures {
  private final Supplier<QuerySnapshot> figures;

  private QueryFiguresOf(Supplier<QuerySnapshot> figures) {
    this.figures = figures;
  }

  /** Figures of one moment. */
  static QueryFigures now(Query query) {
    QuerySnapshot now = query.snapshot();
    return new QueryFiguresOf(() -> now);
  }

  /** Figures that change. */
  QueryFiguresOf(Query query) {
    this(query::snapshot);
  }

  @Override
  public long getId() {
    return figures.get().id();
  }

  @Override
  public String getOwner() {
    return figures.get().owner();
  }

  @Override
  public String getText() {
    return figures.get().text();
  }

  @Override
  public String getState() {
    return figures.get().state().name();
  }

  @Override
  public String getPriority() {
    return figures.get().priority().name();
  }

  @Override
  public String getBegun() {
    return text(figures.get().begun());
  }

  @Override
  public String getEnded() {
    return text(figures.get().ended());
  }

  @Override
  public String getDeadline() {
    return text(figures.get().deadline());
  }

  private static String text(@Nullable Instant at) {
    return at == null ? "" : at.toString();
  }

  @Override
  public double getElapsedSeconds() {
    return figures.get().elapsedNanos() / 1e9;
  }

  @Override
  public double getPlanningSeconds() {
    return figures.get().planningNanos() / 1e9;
  }

  @Override
  public double getQueuedSeconds() {
    return figures.get().queuedNanos() / 1e9;
  }

  @Override
  public double getBusySeconds() {
    return figures.get().busyNanos() / 1e9;
  }

  @Override
  public double getProgress() {
    return figures.get().progress().share();
  }

  @Override
  public double getSecondsLeft() {
    Duration left = figures.get().progress().left();
    return left == null ? -1 : left.toMillis() / 1e3;
  }

  @Override
  public long getRows() {
    return figures.get().rows();
  }

  @Override
  public long getMemoryBytes() {
    return figures.get().memoryBytes();
  }

  @Override
  public long getPeakMemoryBytes() {
    return figures.get().peakMemoryBytes();
  }

  @Override
  public long getSpilledBytes() {
    return figures.get().spilledBytes();
  }

  @Override
  public long getDiskBytes() {
    return figures.get().diskBytes();
  }

  @Override
  public String getCause() {
    Reason cause = figures.get().cause();
    return cause == null ? "" : cause.name();
  }

  @Override
  public String getError() {
    PenstockException error = figures.get().error();
    return error == null ? "" : String.valueOf(error.getMessage());
  }
}
