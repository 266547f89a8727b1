package dev.penstock.compiler.jmx;

import dev.penstock.compiler.queries.Queries;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryListener;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.PenstockException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
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
 * first. {@code toldSlow} belongs to that thread.
 */
final class QueriesBean extends NotificationBroadcasterSupport
    implements QueriesMXBean, QueryListener, AutoCloseable {
  private static final String TYPE = "penstock.query.";
  private static final String SLOW = TYPE + "slow";
  private static final String SAID_SLOW = "is slow: ";
  private static final int MOST_WAITING = 10_000;

  private final Queries queries;
  private final ObjectName name;
  private final AtomicLong sequence = new AtomicLong();
  private final Set<Query> toldSlow = new HashSet<>();
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
        Stream.concat(Arrays.stream(QueryState.values()).map(QueriesBean::type), Stream.of(SLOW))
            .toArray(String[]::new);
    return new MBeanNotificationInfo(
        types, Notification.class.getName(), "a query has changed its state, or is slow");
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
    Duration limit = queries.limits().slow();
    if (state.isEnded()) {
      boolean told = toldSlow.remove(query);
      if (!told && limit != null && query.snapshot().elapsedNanos() >= limit.toNanos()) {
        tell(SLOW, query, at, SAID_SLOW + query.text());
      }
    }
    tell(
        type(state),
        query,
        at,
        "is " + state.name() + (error == null ? "" : ": " + error.getMessage()));
  }

  /** Tells, once, that a query runs longer than the engine's limit of slow ones. */
  void slow(Query query) {
    long at = System.currentTimeMillis();
    teller.execute(
        () -> {
          if (!query.state().isEnded() && toldSlow.add(query)) {
            tell(SLOW, query, at, SAID_SLOW + query.text());
          }
        });
  }

  private void tell(String type, Query query, long at, String what) {
    Notification note =
        new Notification(
            type, name, sequence.incrementAndGet(), at, "query " + query.id() + " " + what);
    note.setUserData(query.id());
    sendNotification(note);
  }

  private static List<QueryFigures> figures(List<Query> of) {
    return of.stream().map(QueryFiguresOf::now).toList();
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
    return query == null ? null : QueryFiguresOf.now(query);
  }

  @Override
  public String graph(long id) {
    Query query = queries.find(id);
    return query == null ? "" : GraphText.of(query.graph());
  }

  @Override
  public boolean cancel(long id, String by) {
    return Orders.cancel(queries.find(id), by);
  }

  @Override
  public boolean setDeadline(long id, long secondsFromNow) {
    return Orders.setDeadline(queries.find(id), secondsFromNow);
  }

  @Override
  public boolean setPriority(long id, String priority) {
    return Orders.setPriority(queries.find(id), priority);
  }

  @Override
  public void close() {
    queries.removeListener(this);
    teller.shutdownNow();
  }
}
