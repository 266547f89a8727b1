/** From SPARQL's algebra to plans: one class for each kind of thing that is translated. */
@NullMarked
package dev.penstock.sparql.translate;

import org.jspecify.annotations.NullMarked;
