/** The door through which JUnit reaches the Clojure tests of this module. */
@NullMarked
package dev.penstock.plan;

import org.jspecify.annotations.NullMarked;
