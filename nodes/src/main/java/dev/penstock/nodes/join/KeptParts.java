package dev.penstock.nodes.join;

import dev.penstock.nodes.spill.KeyParts;
import dev.penstock.nodes.spill.SpilledPart;

/**
 * The build side of a join on disk, by partition of its keys, for many probe sides of few rows, one
 * after the other ({@link KeptProbe}). It lives as long as the {@link JoinBuild} that wrote it.
 *
 * <p>Concurrency: immutable.
 */
public final class KeptParts {
  final JoinShape shape;
  final KeyParts by;
  final JoinTable.Facts facts;
  private final SpilledPart[] parts;

  KeptParts(JoinShape shape, KeyParts by, SpilledPart[] parts, JoinTable.Facts facts) {
    this.shape = shape;
    this.by = by;
    this.parts = parts;
    this.facts = facts;
  }

  SpilledPart part(int number) {
    return parts[number];
  }
}
