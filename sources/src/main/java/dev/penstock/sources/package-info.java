/**
 * What all sources share, whatever their format. A format is a package below; none of them knows
 * another, and {@code files} alone knows which there are.
 */
@NullMarked
package dev.penstock.sources;

import org.jspecify.annotations.NullMarked;
