/**
 * JSON lines and arrays of objects as a source, JSON lines as a sink. One I/O thread cuts the file
 * into blocks of whole objects ({@code JsonSplitter}); decoders on the compute lanes read them with
 * a streaming parser.
 */
@NullMarked
package dev.penstock.sources.json;

import org.jspecify.annotations.NullMarked;
