/**
 * What every bench beside other engines shares: a {@link dev.penstock.benchmarks.beside.Peer}
 * answers SQL, {@link dev.penstock.benchmarks.beside.Figures} keep the samples, print the table and
 * write them down, {@link dev.penstock.benchmarks.beside.Chart} draws the ratios. A bench of
 * engines begins here.
 */
@NullMarked
package dev.penstock.benchmarks.beside;

import org.jspecify.annotations.NullMarked;
