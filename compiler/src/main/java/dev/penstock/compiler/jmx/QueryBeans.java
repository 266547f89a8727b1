package dev.penstock.compiler.jmx;

import dev.penstock.compiler.queries.Queries;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryListener;
import dev.penstock.compiler.queries.QueryState;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * A bean for each query that has run for a while. A short query pays one read of a flag: a thread
 * looks at the registry ten times a second while queries run, and rests while there are none.
 *
 * <p>Concurrency: {@code looking} is true while a look is scheduled or under way; {@code beans} and
 * {@code toldSlow} belong to the thread that looks, and to {@link #close} once that has ended.
 */
final class QueryBeans implements QueryListener, AutoCloseable {
  private static final long LOOK_MILLIS = 100;

  /** So many at once; those that began first. */
  private static final int MOST = 1000;

  private final MBeanServer server;
  private final Queries queries;
  private final String quotedName;
  private final Consumer<Query> slow;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final Map<Query, ObjectName> beans = new HashMap<>();
  private final Set<Query> toldSlow = new HashSet<>();
  private final ScheduledThreadPoolExecutor looker;
  private volatile @Nullable Future<?> next;

  /**
   * @param slow is told once of each query that is seen to run longer than the engine's limit of
   *     slow ones
   */
  QueryBeans(MBeanServer server, Queries queries, String name, Consumer<Query> slow) {
    this.server = server;
    this.queries = queries;
    this.quotedName = ObjectName.quote(name);
    this.slow = slow;
    this.looker =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread t = new Thread(task, "penstock-jmx-queries");
              t.setDaemon(true);
              return t;
            },
            new ThreadPoolExecutor.DiscardPolicy()); // what comes after the end
    looker.setKeepAliveTime(1, TimeUnit.SECONDS);
    looker.allowCoreThreadTimeOut(true);
    looker.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    queries.addListener(this);
  }

  @Override
  public void changed(Query query, QueryState state) {
    if (!looking.get() && !state.isEnded()) {
      begin();
    }
  }

  private void begin() {
    if (looking.compareAndSet(false, true)) {
      next = looker.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    List<Query> running = queries.running();
    try {
      takeOutEnded();
      running.forEach(this::see);
    } finally {
      if (running.isEmpty() && beans.isEmpty()) {
        looking.set(false);
        if (!queries.running().isEmpty()) { // it began while this looked
          begin();
        }
      } else {
        next = looker.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void takeOutEnded() {
    for (Iterator<Map.Entry<Query, ObjectName>> it = beans.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<Query, ObjectName> one = it.next();
      if (one.getKey().state().isEnded()) {
        it.remove();
        unregister(one.getValue());
      }
    }
    toldSlow.removeIf(q -> q.state().isEnded());
  }

  private void see(Query query) {
    long nanos = query.snapshot().elapsedNanos();
    if (beans.size() < MOST
        && nanos >= TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)
        && !beans.containsKey(query)) {
      register(query);
    }
    Duration limit = queries.limits().slow();
    if (limit != null && nanos >= limit.toNanos() && toldSlow.add(query)) {
      slow.accept(query);
    }
  }

  private void register(Query query) {
    try {
      ObjectName name =
          new ObjectName("dev.penstock:type=Query,name=" + quotedName + ",id=" + query.id());
      server.registerMBean(DescribedBean.of(new QueryBean(query), QueryMXBean.class), name);
      beans.put(query, name);
    } catch (MalformedObjectNameException e) {
      throw new IllegalStateException(e);
    } catch (JMException e) { // somebody else has the name: the list of queries has it anyway
      assert e != null;
    }
  }

  private void unregister(ObjectName name) {
    try {
      server.unregisterMBean(name);
    } catch (JMException e) { // it was taken out by somebody else: then it is out
      assert e != null;
    }
  }

  /** Takes all out. Blocking, for the end of a look. */
  @Override
  public void close() {
    queries.removeListener(this);
    Future<?> scheduled = next;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
    looker.shutdown();
    try {
      if (!looker.awaitTermination(5, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    beans.values().forEach(this::unregister);
    beans.clear();
  }

  /** A query that runs, or has just ended. */
  private static final class QueryBean extends QueryFiguresOf implements QueryMXBean {
    private final Query query;

    QueryBean(Query query) {
      super(query);
      this.query = query;
    }

    @Override
    public String graph() {
      return GraphText.of(query.graph());
    }

    @Override
    public boolean cancel(String by) {
      return Orders.cancel(query, by);
    }

    @Override
    public boolean setDeadline(long secondsFromNow) {
      return Orders.setDeadline(query, secondsFromNow);
    }

    @Override
    public boolean setPriority(String priority) {
      return Orders.setPriority(query, priority);
    }
  }
}
