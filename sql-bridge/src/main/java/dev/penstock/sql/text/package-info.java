/**
 * SQL text as tokens with places: cutting a script into statements, and the spellings that the
 * parser behind does not know. Pure; knows nothing of tables or of Calcite.
 */
@NullMarked
package dev.penstock.sql.text;

import org.jspecify.annotations.NullMarked;
