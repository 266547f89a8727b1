package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Joint;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.Step;

/** A joint as the first step of a node: the right inlet is the node's second input pipe. */
final class JointStep implements Step<Batch> {
  private final Joint joint;
  private final Inlet<Batch> right;

  JointStep(Joint joint, Inlet<Batch> right) {
    this.joint = joint;
    this.right = right;
  }

  @Override
  public Progress step(Inlet<? extends Batch> left, Outlet out) {
    return joint.step(left, right, out);
  }

  @Override
  public void close() {
    joint.close();
  }
}
