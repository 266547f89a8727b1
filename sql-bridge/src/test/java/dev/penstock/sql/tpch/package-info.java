/**
 * The 22 TPC-H queries. Queries and answers are read from a folder {@code shared/tpch} beside the
 * repository; without it these tests are skipped, and say so.
 */
@NullMarked
package dev.penstock.sql.tpch;

import org.jspecify.annotations.NullMarked;
