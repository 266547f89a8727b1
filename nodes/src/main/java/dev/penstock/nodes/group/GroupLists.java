package dev.penstock.nodes.group;

import dev.penstock.nodes.spill.Workspace;
import java.util.List;

/**
 * The lists of a {@link GroupState} that are on disk, all in one {@link ListSort}: groups stay in
 * the state, and keep their numbers.
 *
 * <p>Not thread-safe.
 */
final class GroupLists implements AutoCloseable {
  /** Values in memory that are moved when others are on disk already. */
  private static final int MANY = 1 << 14;

  private final GroupPlan plan;
  private final Workspace workspace;
  private final ListSort sort;

  GroupLists(GroupPlan plan, Workspace workspace) {
    this.plan = plan;
    this.workspace = workspace;
    this.sort = new ListSort(workspace.query());
  }

  /** Whether some are on disk. */
  boolean isUsed() {
    return !sort.isEmpty();
  }

  /** Gives the accumulator of each list, and its number. */
  private interface Each {
    void list(int number, int input, int accumulator, Listed list);
  }

  private int each(GroupState state, Each to) {
    int number = 0;
    for (int i = 0; i < plan.inputs.size(); i++) {
      for (int a = 0; a < plan.inputs.get(i).accumulators().size(); a++) {
        if (state.input(i).accumulator(a) instanceof Listed list) {
          to.list(number++, i, a, list);
        }
      }
    }
    return number;
  }

  /** Moves all values to disk; false if there were none in memory. */
  boolean makeRoom(GroupState state) {
    boolean any = take(state);
    boolean written = sort.makeRoom();
    workspace.trim();
    return any || written;
  }

  /** Moves all values to the sort; false if there were none. */
  private boolean take(GroupState state) {
    boolean[] any = new boolean[1];
    each(
        state,
        (number, input, accumulator, list) -> {
          if (list.items() > 0) {
            any[0] = true;
            sort.take(number, list, state.groups());
            list.clear(state.groups());
          }
        });
    return any[0];
  }

  /** Moves values if there are many. */
  void takeMany(GroupState state) {
    int[] most = new int[1];
    each(state, (number, i, a, list) -> most[0] = Math.max(most[0], list.items()));
    if (most[0] >= MANY) {
      take(state);
    }
  }

  /** All values are there: makes the results of all lists. */
  void finish(GroupState state) {
    take(state);
    int n = each(state, (number, i, a, list) -> {});
    ListResults[] results = new ListResults[n];
    int[] inputs = new int[n];
    each(
        state,
        (number, i, a, list) -> {
          List<GroupPlan.Output> outputs =
              plan.outputs.stream().filter(o -> o.input() == i && o.accumulator() == a).toList();
          inputs[number] = i;
          results[number] = list.sorted(outputs, state.groups(), workspace);
        });
    sort.finish(results, (list, group) -> state.valueCount(inputs[list], group));
  }

  @Override
  public void close() {
    sort.close();
  }
}
