/**
 * CSV files as a source and a sink. One I/O thread cuts the file into blocks of whole records
 * ({@code RecordSplitter}); decoders on the compute lanes find the fields ({@code CsvTokenizer})
 * and parse the requested ones from bytes into column arrays ({@code CsvColumns}). Splitter and
 * tokenizer must agree about quotes, byte for byte: change both or neither.
 */
@NullMarked
package dev.penstock.sources.csv;

import org.jspecify.annotations.NullMarked;
