package dev.penstock.compiler.jmx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryLimits;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Priority;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a console sees, through the server and its open types. */
@Timeout(60)
class EngineMBeansTest {
  private static final String MANY = "(series+ N 1 1000000000000)";

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  private Object invoke(EngineMBeans beans, String operation, Object... args) throws Exception {
    String[] types = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      types[i] = args[i] instanceof Long ? "long" : "java.lang.String";
    }
    return server.invoke(beans.queriesName(), operation, args, types);
  }

  private CompositeData[] list(EngineMBeans beans, String attribute) throws Exception {
    return (CompositeData[]) server.getAttribute(beans.queriesName(), attribute);
  }

  @Test
  @Tag("ample") // it looks at the memory of an engine without a cap
  void aQueryIsSeenAndCancelled() throws Exception {
    BlockingQueue<Notification> notes = new LinkedBlockingQueue<>();
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
        EngineMBeans beans = EngineMBeans.register(engine, "a test")) {
      NotificationListener listener = (note, handback) -> notes.add(note);
      server.addNotificationListener(beans.queriesName(), listener, null, null);
      Result result = engine.run(MANY, QueryOptions.defaults().withOwner("ann"));
      Batch first = result.next();
      assertTrue(first != null && first.count() > 0);
      assertEquals(2, server.getAttribute(beans.engineName(), "Workers"));
      assertEquals(1, server.getAttribute(beans.engineName(), "RunningQueries"));
      assertEquals(0, server.getAttribute(beans.engineName(), "QueuedQueries"));
      assertEquals(1L, server.getAttribute(beans.engineName(), "BegunQueries"));
      assertTrue((long) server.getAttribute(beans.engineName(), "MemoryUsedBytes") > 0);
      assertEquals(0L, server.getAttribute(beans.engineName(), "SpilledBytes"));
      CompositeData[] running = list(beans, "Running");
      assertEquals(1, running.length);
      assertEquals("ann", running[0].get("owner"));
      assertEquals(MANY, running[0].get("text"));
      assertEquals("RUNNING", running[0].get("state"));
      assertEquals("", running[0].get("deadline"));
      assertEquals((long) first.count(), running[0].get("rows"));
      long id = (long) running[0].get("id");
      assertEquals(true, invoke(beans, "setPriority", id, "low"));
      assertEquals(Priority.LOW, result.query().priority());
      assertEquals(true, invoke(beans, "setDeadline", id, 3600L));
      assertTrue(result.query().deadline() != null);
      String graph = (String) invoke(beans, "graph", id);
      assertTrue(graph.startsWith("node 1: series, permits "), graph);
      assertTrue(graph.contains("result, in "), graph);
      assertEquals(true, invoke(beans, "cancel", id, "ann"));
      PenstockException e = assertThrows(PenstockException.class, result::drain);
      assertEquals("cancelled by ann", e.getMessage());
      result.close();
      assertEquals(false, invoke(beans, "cancel", id, "ann"));
      assertEquals(false, invoke(beans, "setDeadline", id, 1L));
      assertEquals(0, list(beans, "Running").length);
      CompositeData ended = list(beans, "History")[0];
      assertEquals("CANCELLED", ended.get("state"));
      assertEquals("PERSON", ended.get("cause"));
      assertEquals("cancelled by ann", ended.get("error"));
      assertNull(invoke(beans, "query", 17L));
      List<String> told = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Notification note = notes.poll(30, TimeUnit.SECONDS);
        told.add(note == null ? "nothing" : note.getType() + " " + note.getUserData());
      }
      assertEquals(
          List.of(
              "penstock.query.planning 1",
              "penstock.query.running 1",
              "penstock.query.cancelling 1",
              "penstock.query.cancelled 1"),
          told);
    }
  }

  /** Those whose description is no sentence, but the name or nothing. */
  private List<String> undescribed(MBeanInfo bean) {
    List<MBeanFeatureInfo> all = new ArrayList<>(List.of(bean.getAttributes()));
    for (MBeanOperationInfo operation : bean.getOperations()) {
      all.add(operation);
      all.addAll(List.of(operation.getSignature()));
    }
    return all.stream()
        .filter(f -> !String.valueOf(f.getDescription()).endsWith("."))
        .map(f -> f.getName() + ": " + f.getDescription())
        .toList();
  }

  @Test
  void beansSayWhatTheyMean() throws Exception {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(1));
        EngineMBeans beans = EngineMBeans.register(engine, "described")) {
      MBeanInfo figures = server.getMBeanInfo(beans.engineName());
      assertEquals(10, figures.getAttributes().length);
      assertEquals(List.of(), undescribed(figures));
      assertTrue(figures.getDescription().startsWith("Figures of an engine."));
      MBeanInfo queries = server.getMBeanInfo(beans.queriesName());
      assertEquals(List.of(), undescribed(queries));
      assertEquals(1, queries.getNotifications().length);
      MBeanOperationInfo cancel =
          List.of(queries.getOperations()).stream()
              .filter(o -> o.getName().equals("cancel"))
              .findFirst()
              .orElseThrow();
      assertEquals(MBeanOperationInfo.ACTION, cancel.getImpact());
      assertEquals("by", cancel.getSignature()[1].getName());
      assertEquals(QueriesMXBean.BY, cancel.getSignature()[1].getDescription());
      Query begun = engine.queries().begin(QueryOptions.defaults());
      begun.finish(null);
      MBeanInfo query =
          DescribedBean.of(QueryFiguresOf.now(begun), QueryFigures.class).getMBeanInfo();
      assertEquals(21, query.getAttributes().length);
      assertEquals(List.of(), undescribed(query));
    }
  }

  @Test
  void aQueryThatRunsForAWhileHasABeanOfItsOwn() throws Exception {
    BlockingQueue<String> beansOfQueries = new LinkedBlockingQueue<>();
    NotificationListener registry =
        (note, handback) -> {
          ObjectName of = ((MBeanServerNotification) note).getMBeanName();
          if ("\"each\"".equals(of.getKeyProperty("name"))
              && "Query".equals(of.getKeyProperty("type"))) {
            beansOfQueries.add(note.getType() + " " + of);
          }
        };
    BlockingQueue<String> states = new LinkedBlockingQueue<>();
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(2)
            .withLimits(QueryLimits.defaults().withSlow(Duration.ofMillis(150)));
    server.addNotificationListener(MBeanServerDelegate.DELEGATE_NAME, registry, null, null);
    try (Engine engine = Engine.create(options)) {
      try (EngineMBeans beans = EngineMBeans.register(engine, "each")) {
        server.addNotificationListener(
            beans.queriesName(), (note, handback) -> states.add(note.getMessage()), null, null);
        engine.run("(series+ N 1 10)").close(); // too short for one
        Result result = engine.run(MANY, QueryOptions.defaults().withOwner("ann"));
        String name = "dev.penstock:type=Query,name=\"each\",id=2";
        assertEquals("JMX.mbean.registered " + name, beansOfQueries.poll(30, TimeUnit.SECONDS));
        ObjectName bean = new ObjectName(name);
        assertEquals("ann", server.getAttribute(bean, "Owner"));
        assertEquals("RUNNING", server.getAttribute(bean, "State"));
        QueryMXBean proxy = JMX.newMXBeanProxy(server, bean, QueryMXBean.class);
        assertTrue(proxy.graph().startsWith("node 1: series, permits "));
        assertTrue(proxy.setDeadline(3600) && proxy.setPriority("high"));
        assertEquals(Priority.HIGH, result.query().priority());
        assertTrue(result.query().deadline() != null);
        for (String told = ""; !told.equals("query 2 is slow: " + MANY); ) {
          told = String.valueOf(states.poll(30, TimeUnit.SECONDS));
          assertFalse(told.equals("null"), "it was never told that it is slow");
        }
        assertTrue(proxy.cancel("ann"));
        PenstockException e = assertThrows(PenstockException.class, result::drain);
        assertEquals("cancelled by ann", e.getMessage());
        result.close();
        assertEquals("JMX.mbean.unregistered " + name, beansOfQueries.poll(30, TimeUnit.SECONDS));
        try (Result next = engine.run(MANY)) {
          String its = "dev.penstock:type=Query,name=\"each\",id=3";
          assertEquals("JMX.mbean.registered " + its, beansOfQueries.poll(30, TimeUnit.SECONDS));
          beans.close();
          assertEquals("JMX.mbean.unregistered " + its, beansOfQueries.poll(30, TimeUnit.SECONDS));
          assertFalse(next.query().state().isEnded());
        }
      }
    } finally {
      server.removeNotificationListener(MBeanServerDelegate.DELEGATE_NAME, registry);
    }
  }

  @Test
  void beansGoWithTheirRegistration() throws Exception {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(1))) {
      EngineMBeans beans = EngineMBeans.register(engine, "twice");
      PenstockException e =
          assertThrows(PenstockException.class, () -> EngineMBeans.register(engine, "twice"));
      assertEquals("jmx", e.code());
      QueriesMXBean proxy = JMX.newMXBeanProxy(server, beans.queriesName(), QueriesMXBean.class);
      assertEquals(List.of(), proxy.getRunning());
      assertFalse(proxy.cancel(1, ""));
      beans.close();
      assertFalse(server.isRegistered(beans.engineName()));
      assertFalse(server.isRegistered(beans.queriesName()));
    }
  }
}
