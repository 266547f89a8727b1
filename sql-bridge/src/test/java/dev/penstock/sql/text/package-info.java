/** Tests of what is done with the text of a query. */
@NullMarked
package dev.penstock.sql.text;

import org.jspecify.annotations.NullMarked;
