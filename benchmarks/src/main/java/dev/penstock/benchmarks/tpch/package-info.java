/**
 * The 22 TPC-H queries as SQL beside other engines, in one run over the same Parquet files. Start
 * at {@link dev.penstock.benchmarks.tpch.TpchBench}; a new peer is a {@link
 * dev.penstock.benchmarks.beside.Peer}.
 */
@NullMarked
package dev.penstock.benchmarks.tpch;

import org.jspecify.annotations.NullMarked;
