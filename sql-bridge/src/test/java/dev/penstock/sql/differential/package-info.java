/**
 * Random SQL over random tables, run on Penstock and on DuckDB: the same rows must come out.
 *
 * <p>{@link dev.penstock.sql.differential.TableMaker} makes tables, {@link
 * dev.penstock.sql.differential.QueryMaker} queries that are well-typed by construction and whose
 * answer is determined (total orders under a limit, no float sum whose order of addition matters),
 * {@link dev.penstock.sql.differential.Differential} runs and compares. docs/sql-deviations.md says
 * what the two may disagree about; the makers stay away from that.
 */
@NullMarked
package dev.penstock.sql.differential;

import org.jspecify.annotations.NullMarked;
