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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFLanguages;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.core.Quad;
import org.jspecify.annotations.Nullable;

/**
 * A default graph and named graphs, in memory or in a folder on disk. A table of the engine's
 * catalog: {@code s p o g} are ids of terms (see {@link dev.penstock.sparql.term.TermId}).
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

  /** Who parses takes at least so much for a chunk, and at most. */
  private static final long LEAST_CHUNK = 1 << 15;

  private static final long MOST_CHUNK = 8 << 20;

  /** For buffers of files, and what is kept of a run while it is written. */
  private static final long LEAST_LOAD = 512 << 10;

  private final Engine engine;
  private final String name;
  private final Budget budget;
  private final Reservation runs;
  private final @Nullable StoreFolder folder;
  private StoreFolder.@Nullable Opened opened;
  private volatile StoreState state;

  private TripleStore(Engine engine, @Nullable StoreFolder folder) {
    this.engine = engine;
    this.name = "triples/" + STORES.incrementAndGet();
    this.budget = engine.budget().child(name);
    this.runs = budget.open("triples");
    this.folder = folder;
    GraphRuns none = GraphRuns.NONE;
    if (folder == null) {
      this.state = new StoreState(new Dictionary(budget.open("terms")), 0, none, none, none);
      return;
    }
    try {
      StoreFolder.Opened there = folder.open(budget);
      if (there == null) {
        GraphRuns[] empty = {none, none, none};
        there =
            new StoreFolder.Opened(
                new Manifest(0, 0, List.of(), List.of()),
                List.of(),
                StoreFolder.state(List.of(), empty, budget));
      }
      this.opened = there;
      this.state = there.state();
    } catch (RuntimeException | Error e) {
      budget.close();
      throw e;
    }
  }

  /** An empty store in memory, which counts in the engine's budget until it is closed. */
  public static TripleStore create(Engine engine) {
    return added(new TripleStore(engine, null));
  }

  /**
   * The store of a folder, whose files are mapped; an empty or new one if the folder is empty or
   * not there. Later versions that others write are not seen. Errors: IO {@code store-corrupt},
   * also later, when a page is read that is not what was written; INCORRECT {@code store-folder};
   * UNSUPPORTED {@code store-format}.
   */
  public static TripleStore open(Engine engine, Path folder) {
    return added(new TripleStore(engine, new StoreFolder(folder)));
  }

  /** Is there a store in a folder? */
  public static boolean isStore(Path folder) {
    return Files.isRegularFile(folder.resolve(Manifest.NAME));
  }

  private static TripleStore added(TripleStore store) {
    store.engine.catalog().addUnlisted(store.name, store);
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
  public LoadReport load(Path file) {
    return load(List.of(file), LoadOptions.defaults());
  }

  /**
   * @param graph the IRI of the graph that takes the triples, null: the default graph
   */
  public LoadReport load(Path file, @Nullable String graph) {
    return load(List.of(file), LoadOptions.defaults().withGraph(graph));
  }

  /**
   * Adds what files hold: all or none. What does not fit memory goes where the engine spills to.
   * Blocking. Errors: INCORRECT {@code rdf-syntax} with file:line:column, {@code rdf-format}; LIMIT
   * {@code store-locked} when somebody else writes to the folder of the store; the token's.
   */
  public LoadReport load(List<Path> files, LoadOptions options) {
    return parsed(files.stream().map(Input::of).toList(), options);
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
  public LoadReport load(String text, Lang lang) {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return load(in, lang, "text", "http://localhost/", null);
  }

  /**
   * Adds the triples and quads of a stream, all or none.
   *
   * @param where stands before line and column in messages
   * @param base the IRI that relative ones go by
   * @param graph the IRI of the graph that takes the triples, null: the default graph
   */
  public LoadReport load(
      InputStream in, Lang lang, String where, String base, @Nullable String graph) {
    return parsed(
        List.of(new Input(() -> in, lang, where, base, -1, false)),
        LoadOptions.defaults().withGraph(graph));
  }

  /** Adds the quads of a dataset of Jena, all or none; blank nodes stay what they are. */
  public LoadReport load(DatasetGraph quads) {
    Iterator<Quad> all = quads.find();
    return load(
        LoadOptions.defaults(),
        LEAST_CHUNK,
        () ->
            new Chunks() {
              @Override
              public @Nullable Chunk get() {
                Chunk chunk = new Chunk();
                while (all.hasNext() && chunk.bytes < LEAST_CHUNK) {
                  Quad q = all.next();
                  boolean isDefault = q.isDefaultGraph() || q.getGraph() == null;
                  chunk.add(
                      isDefault ? Chunk.NO_GRAPH : chunk.number(q.getGraph()),
                      q.getSubject(),
                      q.getPredicate(),
                      q.getObject());
                }
                return chunk.rows == 0 ? null : chunk;
              }

              @Override
              public long readBytes() {
                return 0;
              }

              @Override
              public void close() {
                // nothing is held
              }
            },
        -1);
  }

  /** Where a load takes its chunks from; null at the end. */
  interface Chunks extends Supplier<@Nullable Chunk>, AutoCloseable {
    /** Of the inputs. */
    long readBytes();

    @Override
    void close();
  }

  private LoadReport parsed(List<Input> inputs, LoadOptions options) {
    long total = 0;
    for (Input in : inputs) {
      if (options.skipBad() && !in.isLines()) {
        throw PenstockException.unsupported(
            "rdf-skip",
            "lines that cannot be read are skipped in .nt and .nq only, got " + in.where());
      }
      total = in.bytes() < 0 || total < 0 ? -1 : total + in.bytes();
    }
    long chunk = Math.max(LEAST_CHUNK, Math.min(MOST_CHUNK, engine.budget().capBytes() / 64));
    int threads =
        inputs.stream().anyMatch(Input::isLines) ? Math.max(1, engine.options().workers()) : 1;
    return load(
        options,
        chunk * Parsing.alive(threads),
        () -> new Parsing(inputs, options, chunk, threads),
        total);
  }

  private synchronized LoadReport load(
      LoadOptions options, long chunkBytes, Supplier<Chunks> source, long totalBytes) {
    long began = System.nanoTime();
    StoreState before;
    StoreState after;
    Load load;
    // what the load itself needs is there before its sorts take what they find
    try (Budget own = budget.child("load");
        Reservation memory = kept(own, chunkBytes);
        Writing writing = writing(own);
        Chunks chunks = source.get()) {
      before = writing.before();
      load =
          new Load(engine, name, writing, options, memory, chunks, chunks::readBytes, totalBytes);
      after = load.run();
      publish(writing, after);
    } catch (PenstockException e) {
      throw folder == null && e.code().equals("memory-cap") ? tooLarge(e) : e;
    }
    return new LoadReport(
        load.triples(), after.size() - before.size(), load.skipped(), System.nanoTime() - began);
  }

  private static PenstockException tooLarge(PenstockException e) {
    String what = e.getMessage();
    int advice = what.lastIndexOf(';');
    return new PenstockException(
        e.category(),
        e.code(),
        "the triples do not fit into memory ("
            + (advice < 0 ? what : what.substring(0, advice))
            + "); raise the memory cap, or load them into a store on disk",
        e);
  }

  private static Reservation kept(Budget own, long chunkBytes) {
    own.keep(chunkBytes + LEAST_LOAD, "a load of triples");
    Reservation memory = own.open("chunks that are loaded");
    memory.grow(chunkBytes);
    return memory;
  }

  private Writing writing(Budget own) {
    StoreFolder.Opened now = opened;
    return folder == null || now == null
        ? new MemoryWriting(state, runs, own)
        : new FolderWriting(folder, now, budget, own);
  }

  private void publish(Writing writing, StoreState after) {
    StoreState old = state;
    state = after;
    old.replaced();
    if (writing instanceof FolderWriting onDisk) {
      opened = onDisk.published();
      old.dictionary().close(); // queries that run still read it; only what it keeps is given back
    }
  }

  /** All triples away. */
  public synchronized void clear() {
    StoreState before = state;
    if (folder == null) {
      GraphRuns none = GraphRuns.NONE;
      state = new StoreState(before.dictionary(), before.terms(), none, none, none);
      before.replaced();
      runs.resize(0);
      return;
    }
    try (FolderWriting writing = (FolderWriting) writing(budget);
        Reservation memory = budget.open("figures")) {
      GraphRuns[] empty = new GraphRuns[3];
      for (RunWriter.Order order : RunWriter.Order.values()) {
        try (RunWriter writer = new RunWriter(writing.runs(order), order, memory, List.of())) {
          empty[order.ordinal()] = writer.finish();
        }
      }
      publish(writing, writing.publishWithoutTerms(empty[0], empty[1], empty[2]));
    }
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
    engine.catalog().removeUnlisted(name);
    state.replaced();
    state.dictionary().close();
    budget.close();
  }
}
