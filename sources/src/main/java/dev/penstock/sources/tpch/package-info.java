/**
 * The eight tables of TPC-H, generated while they are scanned. A thin room around {@code
 * io.trino.tpch}.
 */
@NullMarked
package dev.penstock.sources.tpch;

import org.jspecify.annotations.NullMarked;
