package dev.penstock.sparql.lookup;

import dev.penstock.sparql.path.Steps;

/**
 * Joins rows with a path, from an end that is a term of the query or bound before.
 *
 * <p>The empty path begins at a term of the query even if there is no such node, and else at nodes
 * alone.
 */
final class PathPart implements Matching.Part {
  private static final double SOME = 8;

  private final Reach reach;
  private final Steps path;
  private final long[] known;
  private final int[] slots;
  private final Work work;

  /**
   * @param known the ids of subject and object, 0 for variables
   * @param slots those of the variables, else -1
   */
  PathPart(Reach reach, Steps path, long[] known, int[] slots, Work work) {
    if (path.mayBeEmpty() && !(path instanceof Steps.Repeat)) {
      throw Declined.NOW; // which nodes are between does matter
    }
    this.reach = reach;
    this.path = path;
    this.known = known;
    this.slots = slots;
    this.work = work;
  }

  @Override
  public boolean touches(boolean[] bound) {
    return (slots[0] >= 0 && bound[slots[0]]) || (slots[1] >= 0 && bound[slots[1]]);
  }

  @Override
  public double expected(boolean[] bound) {
    return touches(bound) || known[0] != 0 || known[1] != 0 ? SOME : Double.MAX_VALUE;
  }

  @Override
  public void bind(boolean[] bound) {
    for (int slot : slots) {
      if (slot >= 0) {
        bound[slot] = true;
      }
    }
  }

  @Override
  public Rows join(Rows in, long most) {
    Rows out = new Rows(in.width());
    for (int i = 0; i < in.count(); i++) {
      long from = slots[0] < 0 ? known[0] : in.get(i, slots[0]);
      long to = slots[1] < 0 ? known[1] : in.get(i, slots[1]);
      boolean backward = from == Rows.UNBOUND || (known[0] == 0 && known[1] != 0);
      long start = backward ? to : from;
      if (start == Rows.UNBOUND) {
        throw Declined.NOW;
      }
      work.take(1);
      if (known[0] == 0 && known[1] == 0 && path.mayBeEmpty() && !reach.isNode(start)) {
        continue;
      }
      long other = backward ? from : to;
      for (long id : reach.from(start, path, backward)) {
        if (other == Rows.UNBOUND) {
          out.set(out.add(in, i), slots[backward ? 0 : 1], id);
        } else if (other == id) {
          out.add(in, i);
        }
      }
    }
    return out;
  }
}
