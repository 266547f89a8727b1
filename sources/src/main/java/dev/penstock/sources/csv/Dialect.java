package dev.penstock.sources.csv;

/**
 * The characters of one CSV file, all decided. -1 means that there is none.
 *
 * @param escape equal to quote when quotes are doubled
 */
record Dialect(int delimiter, int quote, int escape, int comment) {}
