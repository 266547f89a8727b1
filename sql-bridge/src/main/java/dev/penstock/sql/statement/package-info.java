/**
 * The statements: what SQL says besides queries, one statement a file. Each is read from tokens and
 * run against the session's {@link dev.penstock.sql.statement.Work}; the queries within go to the
 * planner as sub-lists of tokens, so that places in messages stay those of the script.
 */
@NullMarked
package dev.penstock.sql.statement;

import org.jspecify.annotations.NullMarked;
