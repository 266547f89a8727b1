/** Tests of what is between Calcite and the engine. */
@NullMarked
package dev.penstock.sql.calcite;

import org.jspecify.annotations.NullMarked;
