package dev.penstock.pipes;

import java.util.ArrayList;
import java.util.List;

/**
 * What the laws need of an implementation.
 *
 * @param <T> the items: numbered, and all of the same weight
 */
public interface PipeFixture<T> {
  /** Opens a pipe that is full when {@code capacityItems} items wait. */
  PipeEnds<T> open(int capacityItems);

  /** Makes the item of this number, of {@link #weight()} bytes. */
  T item(int number);

  /** The number of an item. */
  int number(T item);

  /** Bytes of each item. */
  long weight();

  /** The items of these numbers; {@code to} is not among them. */
  default List<T> items(int from, int to) {
    List<T> items = new ArrayList<>();
    for (int i = from; i < to; i++) {
      items.add(item(i));
    }
    return items;
  }

  /** Takes what waits, one by one. */
  default List<Integer> drain(Tap<T> tap) {
    List<Integer> numbers = new ArrayList<>();
    for (T item = tap.dequeue(); item != null; item = tap.dequeue()) {
      numbers.add(number(item));
    }
    return numbers;
  }
}
