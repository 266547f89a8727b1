/** The console in a real browser, driven by the DevTools protocol. */
@NullMarked
package dev.penstock.server.console;

import org.jspecify.annotations.NullMarked;
