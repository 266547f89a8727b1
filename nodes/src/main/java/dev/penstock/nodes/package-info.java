/**
 * Nodes and the scheduler: a node joins input pipes, a chain of steps and an output pipe, and runs
 * as tasks on the engine's pool. The operators live in the packages below, one file each.
 */
@NullMarked
package dev.penstock.nodes;

import org.jspecify.annotations.NullMarked;
