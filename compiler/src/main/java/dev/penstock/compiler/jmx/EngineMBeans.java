package dev.penstock.compiler.jmx;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.PenstockException;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The MBeans of an engine, registered until this is closed: {@code
 * dev.penstock:type=Engine,name=NAME}, {@code dev.penstock:type=Queries,name=NAME}, and {@code
 * dev.penstock:type=Query,name=NAME,id=ID} for each query that has run for a tenth of a second.
 *
 * <pre>{@code
 * try (Engine engine = Engine.create();
 *     EngineMBeans beans = EngineMBeans.register(engine, "main")) {
 *   ...
 * }
 * }</pre>
 */
public final class EngineMBeans implements AutoCloseable {
  private final MBeanServer server;
  private final ObjectName engineName;
  private final ObjectName queriesName;
  private final QueriesBean queries;
  private final QueryBeans each;

  private EngineMBeans(MBeanServer server, Engine engine, String name) throws JMException {
    this.server = server;
    this.engineName = named("Engine", name);
    this.queriesName = named("Queries", name);
    this.queries = new QueriesBean(engine.queries(), queriesName);
    server.registerMBean(DescribedBean.of(new EngineBean(engine), EngineMXBean.class), engineName);
    boolean both = false;
    try {
      server.registerMBean(DescribedBean.of(queries, QueriesMXBean.class), queriesName);
      both = true;
    } finally {
      if (!both) {
        queries.close();
        server.unregisterMBean(engineName);
      }
    }
    each = new QueryBeans(server, engine.queries(), name, queries::slow);
  }

  private static ObjectName named(String type, String name) throws JMException {
    return new ObjectName("dev.penstock:type=" + type + ",name=" + ObjectName.quote(name));
  }

  /**
   * Registers an engine with the platform's server.
   *
   * @param name tells the engines of one JVM apart
   */
  public static EngineMBeans register(Engine engine, String name) {
    try {
      return new EngineMBeans(ManagementFactory.getPlatformMBeanServer(), engine, name);
    } catch (JMException e) {
      throw PenstockException.incorrect(
          "jmx",
          "the engine cannot be registered with JMX as '"
              + name
              + "': "
              + e.getMessage()
              + "; choose another name");
    }
  }

  public ObjectName engineName() {
    return engineName;
  }

  public ObjectName queriesName() {
    return queriesName;
  }

  @Override
  public void close() {
    each.close();
    queries.close();
    for (ObjectName name : new ObjectName[] {queriesName, engineName}) {
      try {
        server.unregisterMBean(name);
      } catch (JMException e) { // it was taken out by somebody else: then it is out
        assert e != null;
      }
    }
  }

  /** The engine's bean. */
  private record EngineBean(Engine engine) implements EngineMXBean {
    @Override
    public int getWorkers() {
      return engine.options().workers();
    }

    @Override
    public long getMemoryCapBytes() {
      return engine.budget().capBytes();
    }

    @Override
    public long getMemoryUsedBytes() {
      return engine.budget().usedBytes();
    }

    @Override
    public long getMemoryPeakBytes() {
      return engine.budget().peakBytes();
    }

    @Override
    public long getSpilledBytes() {
      return engine.spilled().heldBytes();
    }

    @Override
    public long getSpilledBytesSoFar() {
      return engine.spilled().writtenBytes();
    }

    @Override
    public boolean isHeapTight() {
      return engine.heap().tight();
    }

    @Override
    public int getRunningQueries() {
      return engine.queries().running().size();
    }

    @Override
    public int getQueuedQueries() {
      int queued = 0;
      for (Query query : engine.queries().running()) {
        queued += query.state() == QueryState.QUEUED ? 1 : 0;
      }
      return queued;
    }

    @Override
    public long getBegunQueries() {
      return engine.queries().begun();
    }
  }
}
