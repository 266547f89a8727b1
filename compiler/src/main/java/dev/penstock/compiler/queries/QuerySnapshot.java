package dev.penstock.compiler.queries;

import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Priority;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A query at one moment.
 *
 * @param id unique within its engine
 * @param owner empty when nobody was named
 * @param text what was asked
 * @param begun when it was handed over, before it was planned
 * @param ended null while it is not
 * @param deadline null when it has none
 * @param elapsedNanos since it began, until its end or now
 * @param planningNanos of them, until planning ended, or until now
 * @param queuedNanos of them, waiting for memory
 * @param rows that its reader has taken
 * @param busyNanos of compute threads
 * @param spilledBytes of rows that went to disk, before compression
 * @param diskBytes what was written for them
 * @param cause why it stopped before its end; null when it did not
 * @param error what its caller gets; null when it did not fail
 */
public record QuerySnapshot(
    long id,
    String owner,
    String text,
    QueryState state,
    Priority priority,
    Instant begun,
    @Nullable Instant ended,
    @Nullable Instant deadline,
    long elapsedNanos,
    long planningNanos,
    long queuedNanos,
    QueryProgress progress,
    long rows,
    long busyNanos,
    long memoryBytes,
    long peakMemoryBytes,
    long spilledBytes,
    long diskBytes,
    @Nullable Reason cause,
    @Nullable PenstockException error) {}
