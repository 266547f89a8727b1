package dev.penstock.pipes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A callback that remembers on which threads it ran. */
public final class Told implements Runnable {
  private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void run() {
    threads.add(Thread.currentThread());
  }

  public int times() {
    return threads.size();
  }

  /** The runs since the last call. */
  public List<Thread> take() {
    synchronized (threads) {
      List<Thread> taken = List.copyOf(threads);
      threads.clear();
      return taken;
    }
  }
}
