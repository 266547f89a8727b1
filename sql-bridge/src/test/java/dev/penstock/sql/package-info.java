/** Tests of SQL: its results, its plans, its messages. */
@NullMarked
package dev.penstock.sql;

import org.jspecify.annotations.NullMarked;
