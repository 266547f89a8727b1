package dev.penstock.sparql.translate;

import java.util.List;
import org.apache.jena.sparql.core.Var;
import org.jspecify.annotations.Nullable;

/**
 * The active graph of a pattern.
 *
 * @param graphs ids of the graphs; their merge is the active graph, or, if there is a hidden
 *     variable, each is by itself
 * @param hidden has in every solution the id of the graph that it is of; null: there is one active
 *     graph
 */
record GraphScope(List<Long> graphs, @Nullable Var hidden) {}
