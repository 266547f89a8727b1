package dev.penstock.compiler.jmx;

import dev.penstock.compiler.queries.GraphSnapshot;
import dev.penstock.compiler.queries.Queries;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryListener;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Priority;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The bean of an engine's queries.
 *
 * <p>Concurrency: a change of state is only put into a bounded queue; a thread of the bean, which
 * ends when it has nothing to do, tells the listeners. What does not fit is dropped, the oldest
 * first.
 */
final class QueriesBean extends NotificationBroadcasterSupport
    implements QueriesMXBean, QueryListener, AutoCloseable {
  private static final String TYPE = "penstock.query.";
  private static final int MOST_WAITING = 10_000;

  private final Queries queries;
  private final ObjectName name;
  private final AtomicLong sequence = new AtomicLong();
  private final ThreadPoolExecutor teller;

  QueriesBean(Queries queries, ObjectName name) {
    super(info());
    this.queries = queries;
    this.name = name;
    this.teller =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread t = new Thread(task, "penstock-jmx");
              t.setDaemon(true);
              return t;
            },
            new ThreadPoolExecutor.DiscardOldestPolicy());
    teller.allowCoreThreadTimeOut(true);
    queries.addListener(this);
  }

  private static MBeanNotificationInfo info() {
    String[] types =
        Arrays.stream(QueryState.values()).map(QueriesBean::type).toArray(String[]::new);
    return new MBeanNotificationInfo(
        types, Notification.class.getName(), "a query has changed its state");
  }

  private static String type(QueryState state) {
    return TYPE + state.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void changed(Query query, QueryState state) {
    long at = System.currentTimeMillis();
    teller.execute(() -> tell(query, state, at));
  }

  private void tell(Query query, QueryState state, long at) {
    PenstockException error = query.error();
    Notification note =
        new Notification(
            type(state),
            name,
            sequence.incrementAndGet(),
            at,
            "query "
                + query.id()
                + " is "
                + state.name()
                + (error == null ? "" : ": " + error.getMessage()));
    note.setUserData(query.id());
    sendNotification(note);
  }

  private static List<QueryFigures> figures(List<Query> of) {
    return of.stream().<QueryFigures>map(QueryFiguresOf::new).toList();
  }

  @Override
  public List<QueryFigures> getRunning() {
    return figures(queries.running());
  }

  @Override
  public List<QueryFigures> getHistory() {
    return figures(queries.history());
  }

  @Override
  public @Nullable QueryFigures query(long id) {
    Query query = queries.find(id);
    return query == null ? null : new QueryFiguresOf(query);
  }

  @Override
  public String graph(long id) {
    Query query = queries.find(id);
    if (query == null) {
      return "";
    }
    GraphSnapshot graph = query.graph();
    StringBuilder out = new StringBuilder();
    for (GraphSnapshot.Node n : graph.nodes()) {
      out.append(
          String.format(
              Locale.ROOT,
              "node %d: %s, permits %d of %d, tasks %d, busy %.3f s, rows in %d, out %d,"
                  + " memory %d (most %d), spilled %d%n",
              n.index() + 1,
              n.name(),
              n.permitsInUse(),
              n.permits(),
              n.tasks(),
              n.busyNanos() / 1e9,
              n.rowsIn(),
              n.rowsOut(),
              n.memoryBytes(),
              n.peakMemoryBytes(),
              n.spilledBytes()));
    }
    for (GraphSnapshot.Pipe p : graph.pipes()) {
      out.append(
          String.format(
              Locale.ROOT,
              "pipe %d: %s, in %d (%d bytes), out %d, waiting %d (%d bytes of %d)%n",
              p.index() + 1,
              p.name(),
              p.itemsIn(),
              p.bytesIn(),
              p.itemsOut(),
              p.itemsWaiting(),
              p.bytesWaiting(),
              p.capacityBytes()));
    }
    return out.toString();
  }

  @Override
  public boolean cancel(long id, String by) {
    return queries.cancel(
        id, Reason.PERSON, by.isBlank() ? "cancelled through JMX" : "cancelled by " + by);
  }

  private @Nullable Query underWay(long id) {
    Query query = queries.find(id);
    return query == null || query.state().isEnded() ? null : query;
  }

  @Override
  public boolean setDeadline(long id, long secondsFromNow) {
    Query query = underWay(id);
    if (query == null) {
      return false;
    }
    query.setDeadline(secondsFromNow < 0 ? null : Instant.now().plusSeconds(secondsFromNow));
    return true;
  }

  @Override
  public boolean setPriority(long id, String priority) {
    Priority which;
    try {
      which = Priority.valueOf(priority.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected a priority of LOW, NORMAL, HIGH, got " + priority, e);
    }
    Query query = underWay(id);
    if (query == null) {
      return false;
    }
    query.setPriority(which);
    return true;
  }

  @Override
  public void close() {
    queries.removeListener(this);
    teller.shutdownNow();
  }
}
