package dev.penstock.compiler.queries;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a query is.
 *
 * @param share of the work, 0 to 1, never less than what was said before; negative while it is
 *     unknown
 * @param rows that its reader has taken
 * @param left an estimate, smoothed; null while it is unknown
 */
public record QueryProgress(double share, long rows, @Nullable Duration left) {}
