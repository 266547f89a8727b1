/**
 * From a plan to its result: the engine (the Java facade), the catalog, and the translation of a
 * lowered plan into a graph of nodes and pipes. {@code PlanBridge} is the one place where Java
 * reaches Clojure.
 */
@NullMarked
package dev.penstock.compiler;

import org.jspecify.annotations.NullMarked;
