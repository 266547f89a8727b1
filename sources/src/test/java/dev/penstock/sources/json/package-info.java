@NullMarked
package dev.penstock.sources.json;

import org.jspecify.annotations.NullMarked;
