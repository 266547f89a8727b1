@NullMarked
package dev.penstock.sources.tpch;

import org.jspecify.annotations.NullMarked;
