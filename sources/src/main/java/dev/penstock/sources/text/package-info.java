/**
 * What the text formats (CSV, JSON) have in common: bytes of a file, decompressed; newlines and
 * UTF-8; numbers and dates read from bytes; the type of a column guessed from a sample; options. No
 * format lives here.
 */
@NullMarked
package dev.penstock.sources.text;

import org.jspecify.annotations.NullMarked;
