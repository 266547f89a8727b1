package dev.penstock.compiler;

import dev.penstock.batch.ObjectBytes;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.Reservation;
import java.util.ArrayList;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What functions have made and nobody has taken yet. A function may give any number of items at
 * once, so they count while they come; a few do not.
 */
final class MadeItems extends ArrayList<@Nullable Object> {
  private static final long serialVersionUID = 1;
  private static final int FEW = 4096;

  private final transient Reservation memory;
  private int counted;

  MadeItems(Budget budget) {
    this.memory = budget.open("what one call of a function gives");
  }

  @Override
  public boolean add(@Nullable Object item) {
    super.add(item);
    if (size() - counted == FEW) {
      long bytes = 0;
      for (; counted < size(); counted++) {
        bytes += 16 + ObjectBytes.of(get(counted));
      }
      memory.grow(bytes);
    }
    return true;
  }

  /** One by one: a seq that is computed as it is read never exists as a whole. */
  @Override
  public boolean addAll(Collection<?> items) {
    boolean any = false;
    for (Object item : items) {
      any |= add(item);
    }
    return any;
  }

  @Override
  public void clear() {
    super.clear();
    if (counted > 0) {
      trimToSize();
      counted = 0;
      memory.resize(0);
    }
  }

  void close() {
    clear();
    memory.close();
  }
}
