/**
 * Tables of keys: from rows of key columns to dense group numbers. This room knows rows, not what
 * is computed for their groups.
 *
 * <pre>
 * KeyTable -- PackedKeys   all key columns fit one long: Packers make it, a PackedIndex (direct, paged, hashed) finds it
 *          \- GenericKeys  64-bit hashes, keys stored by column
 * </pre>
 *
 * <p>Large state lies in chunks of at most 256 KB (Longs, Ints, ByteSlabs), each reserved before it
 * is allocated.
 */
@NullMarked
package dev.penstock.nodes.table;

import org.jspecify.annotations.NullMarked;
