/**
 * SQL over an engine: the session, its statements, its catalog names. This is the front door;
 * {@code text} reads tokens, {@code calcite} parses and validates, {@code translate} writes the
 * plan. Nothing of Calcite leaves these rooms.
 */
@NullMarked
package dev.penstock.sql;

import org.jspecify.annotations.NullMarked;
