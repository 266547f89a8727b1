package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import org.jspecify.annotations.Nullable;

/**
 * A batch in a composite pipe: itself, or where it lies.
 *
 * @param bytes of the batch
 * @param weight towards the capacity, the same at both ends of the pipe
 */
record Cell(
    @Nullable Batch resident,
    long bytes,
    long weight,
    int rows,
    Overflow.@Nullable Stored stored) {}
