/**
 * From what a user writes (a path, a glob, a folder) to a source. The only place that knows which
 * file formats there are.
 */
@NullMarked
package dev.penstock.sources.files;

import org.jspecify.annotations.NullMarked;
