package dev.penstock.nodes.window;

import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of an expression are: in a stored column, or in a constant.
 *
 * @param ordinal the stored column; without meaning for a constant
 */
record Argument(DataType type, int ordinal, @Nullable ConstantColumn constant) {}
