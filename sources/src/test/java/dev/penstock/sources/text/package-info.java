@NullMarked
package dev.penstock.sources.text;

import org.jspecify.annotations.NullMarked;
