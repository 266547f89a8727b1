/**
 * What a 64-bit id means: values inline, other terms in dictionaries. Pure data; knows Jena's nodes
 * and nothing of plans.
 */
@NullMarked
package dev.penstock.sparql.term;

import org.jspecify.annotations.NullMarked;
