/** docs/sql.md, generated from the registry of functions, and its examples, run. */
@NullMarked
package dev.penstock.sql.docs;

import org.jspecify.annotations.NullMarked;
