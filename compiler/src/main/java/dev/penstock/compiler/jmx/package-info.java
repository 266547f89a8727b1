/**
 * An engine and its queries as MBeans, for consoles such as JConsole and for agents that collect
 * figures. Nothing is registered unless the host program asks for it.
 */
@NullMarked
package dev.penstock.compiler.jmx;

import org.jspecify.annotations.NullMarked;
