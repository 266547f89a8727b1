@NullMarked
package dev.penstock.sources.csv;

import org.jspecify.annotations.NullMarked;
