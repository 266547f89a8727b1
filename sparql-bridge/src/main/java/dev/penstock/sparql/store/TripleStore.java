package dev.penstock.sparql.store;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Engine;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.sparql.term.Dictionary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFLanguages;
import org.apache.jena.sparql.core.DatasetGraph;
import org.jspecify.annotations.Nullable;

/**
 * A default graph and named graphs, in memory. A table of the engine's catalog: {@code s p o g} are
 * ids of terms (see {@link dev.penstock.sparql.term.TermId}).
 *
 * <p>Options of {@code table+}: {@code :s :p :o} ids that a triple must have there; {@code :graphs}
 * the ids of named graphs, 0 the default graph (all when absent); {@code :state} the {@link
 * StoreState} to scan instead of the present one; {@code :source} a source over the store that is
 * to be scanned instead.
 *
 * <p>Concurrency: {@code state} is volatile and replaced whole at the end of a load; loads are
 * under the monitor. Queries that run keep the state that they began with.
 */
public final class TripleStore implements Source.WithOptions, AutoCloseable {
  /** The id of the default graph in the options of a scan; no term has it. */
  public static final long DEFAULT_GRAPH = 0;

  static final Schema SCHEMA =
      Schema.of(
          new Field("s", DataType.INT64, false),
          new Field("p", DataType.INT64, false),
          new Field("o", DataType.INT64, false),
          new Field("g", DataType.INT64, true));

  private static final AtomicLong STORES = new AtomicLong();

  private final Engine engine;
  private final String name;
  private final Budget budget;
  private final Reservation triples;
  private volatile StoreState state;

  private TripleStore(Engine engine) {
    this.engine = engine;
    this.name = "triples/" + STORES.incrementAndGet();
    this.budget = engine.budget().child(name);
    this.triples = budget.open("triples");
    this.state =
        new StoreState(new Dictionary(budget.open("terms")), 0, TripleGraph.EMPTY, Map.of());
  }

  /** An empty store; its memory counts in the engine's budget until it is closed. */
  public static TripleStore create(Engine engine) {
    TripleStore store = new TripleStore(engine);
    engine.catalog().add(store.name, store);
    return store;
  }

  public Engine engine() {
    return engine;
  }

  /** Its name in the engine's catalog. */
  public String name() {
    return name;
  }

  /** What it holds now. */
  public StoreState state() {
    return state;
  }

  /**
   * Adds the triples of a file to the default graph, and its quads to their graphs: all or none.
   * The format goes by the ending (ttl, nt, nq, trig, rdf, jsonld, also with .gz). Blocking.
   */
  public void load(Path file) {
    load(file, null);
  }

  /**
   * @param graph the IRI of the graph that takes the triples, null: the default graph
   */
  public void load(Path file, @Nullable String graph) {
    Lang lang = RDFLanguages.filenameToLang(file.toString());
    if (lang == null) {
      throw PenstockException.incorrect(
          "rdf-format",
          "expected a file of RDF that ends in .ttl .nt .nq .trig .rdf .jsonld (or these and .gz), got "
              + file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      InputStream plain =
          file.toString().endsWith(".gz") ? new java.util.zip.GZIPInputStream(in) : in;
      load(plain, lang, file.toString(), file.toUri().toString(), graph);
    } catch (IOException e) {
      throw PenstockException.io("rdf-read", "cannot read " + file + ": " + e, e);
    }
  }

  /** Graphs as one form of a plan, however many there are. */
  public record GraphIds(List<Long> ids) {
    public GraphIds {
      ids = List.copyOf(ids);
    }
  }

  /** Has a file the name of one with RDF? */
  public static boolean isRdf(Path file) {
    return RDFLanguages.filenameToLang(file.toString()) != null && Files.isRegularFile(file);
  }

  /** Adds what a text holds. */
  public void load(String text, Lang lang) {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    load(in, lang, "text", "http://localhost/", null);
  }

  /**
   * Adds the triples and quads of a stream, all or none.
   *
   * @param where stands before line and column in messages
   * @param base the IRI that relative ones go by
   * @param graph the IRI of the graph that takes the triples, null: the default graph
   */
  public synchronized void load(
      InputStream in, Lang lang, String where, String base, @Nullable String graph) {
    load(graph, loading -> loading.read(in, lang, where, base));
  }

  /** Adds the quads of a dataset of Jena, all or none; blank nodes stay what they are. */
  public synchronized void load(DatasetGraph quads) {
    load(null, loading -> loading.add(quads.find()));
  }

  private void load(@Nullable String graph, Consumer<Loading> work) {
    StoreState before = state;
    try (Reservation staging = budget.open("triples that are loaded")) {
      Loading loading = new Loading(before.dictionary(), staging, graph);
      work.accept(loading);
      state = merged(before, loading.graphs());
    } catch (RuntimeException | Error e) {
      before.dictionary().truncate(before.terms());
      throw e;
    }
  }

  private StoreState merged(StoreState before, Map<Long, Triples> loaded) {
    TripleGraph defaultGraph = before.defaultGraph();
    Map<Long, TripleGraph> graphs = new LinkedHashMap<>(before.graphs());
    long bytes = 0;
    for (Map.Entry<Long, Triples> e : loaded.entrySet()) {
      Triples all = e.getValue();
      boolean isDefault = e.getKey() == DEFAULT_GRAPH;
      TripleGraph old = isDefault ? defaultGraph : graphs.get(e.getKey());
      // three runs, beside what is there now
      long need = 72L * (all.size() + (old == null ? 0 : old.size()));
      triples.grow(need);
      bytes += need;
      if (old != null) {
        old.addTo(all);
      }
      TripleGraph made = TripleGraph.of(all);
      if (isDefault) {
        defaultGraph = made;
      } else {
        graphs.put(e.getKey(), made);
      }
    }
    long now = defaultGraph.sizeBytes();
    for (TripleGraph g : graphs.values()) {
      now += g.sizeBytes();
    }
    triples.resize(Math.max(now, triples.heldBytes() - bytes));
    return new StoreState(before.dictionary(), before.dictionary().size(), defaultGraph, graphs);
  }

  /** All triples away. */
  public synchronized void clear() {
    StoreState before = state;
    state = new StoreState(before.dictionary(), before.terms(), TripleGraph.EMPTY, Map.of());
    triples.resize(0);
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public Source with(Map<String, Object> options) {
    return options.get("source") instanceof Source given
        ? given
        : TripleScan.Pattern.of(this, options);
  }

  @Override
  public long rowCount() {
    return state.size();
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    return with(new HashMap<>()).open(request, query);
  }

  /** The ids of an option that is a list of ids. */
  static List<Long> ids(@Nullable Object value) {
    if (value instanceof GraphIds g) {
      return g.ids();
    }
    if (value instanceof List<?> l && l.stream().allMatch(Long.class::isInstance)) {
      return l.stream().map(Long.class::cast).toList();
    }
    throw PenstockException.incorrect(
        "bad-option", "a table of triples: expected :graphs to be a list of ids, got " + value);
  }

  /** Takes it out of the catalog and frees its memory; no query may read it any more. */
  @Override
  public void close() {
    engine.catalog().remove(name);
    state.dictionary().close();
    budget.close();
  }
}
