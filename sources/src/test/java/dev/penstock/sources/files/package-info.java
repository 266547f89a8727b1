@NullMarked
package dev.penstock.sources.files;

import org.jspecify.annotations.NullMarked;
