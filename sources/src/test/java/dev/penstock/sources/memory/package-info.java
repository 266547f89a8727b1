@NullMarked
package dev.penstock.sources.memory;

import org.jspecify.annotations.NullMarked;
