package dev.penstock.sparql.store;

import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.page.Bytes;
import dev.penstock.sparql.page.FileFormat;
import dev.penstock.sparql.page.FileSink;
import dev.penstock.sparql.page.Sink;
import dev.penstock.sparql.term.MappedTerms;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.jena.graph.Node;
import org.jspecify.annotations.Nullable;

/** A new version of a store on disk: new files, and at the end a manifest that names them. */
final class FolderWriting implements Writing {
  private static final System.Logger LOG = System.getLogger(FolderWriting.class.getName());
  private static final int TERMS_PAGES = 4;
  private static final int SCRATCH_KIND = 9;

  private final StoreFolder folder;
  private final StoreFolder.Lock lock;
  private final Budget budget;
  private final Reservation memory;
  private final StoreFolder.Opened present;
  private final boolean newer;
  private final long store;
  private final long version;
  private final int pages;
  private final MappedTerms before;
  private final FileSink termSink;
  private final MappedTerms.Adding adding;
  private final FileSink[] files = new FileSink[3];
  private StoreFolder.@Nullable Opened made;
  private @Nullable FileSink scratch;

  /**
   * Takes the lock; the version to build on is the present one of the disk.
   *
   * @param known the version that the store has open
   * @param own for what the load takes
   */
  FolderWriting(StoreFolder folder, StoreFolder.Opened known, Budget budget, Budget own) {
    this.folder = folder;
    this.budget = budget;
    this.lock = folder.new Lock();
    Reservation reserved = own.open("triples that are loaded");
    MappedTerms.Adding added = null;
    FileSink terms = null;
    try {
      StoreFolder.Opened now = known;
      boolean reopened = false;
      Manifest onDisk = Manifest.read(folder.path());
      if (onDisk == null && known.manifest().version() > 0) {
        throw new PenstockException(
            PenstockException.Category.IO,
            "store-corrupt",
            "the store "
                + folder.path()
                + " has lost its manifest; take it from a copy, or load its data again");
      }
      if (onDisk != null && !onDisk.equals(known.manifest())) {
        StoreFolder.Opened found = folder.open(budget);
        now = found == null ? known : found;
        reopened = found != null;
      }
      folder.clean(onDisk);
      this.present = now;
      this.newer = reopened;
      this.store = onDisk == null ? new SecureRandom().nextLong() : onDisk.store();
      this.version = (onDisk == null ? 0 : onDisk.version()) + 1;
      this.memory = reserved;
      this.pages = budget.pathCapBytes() < (64L << 20) ? 1 : TERMS_PAGES;
      this.before = (MappedTerms) now.state().dictionary();
      Path file = folder.path().resolve("v" + version + ".terms");
      terms = new FileSink(file, identity(MappedTerms.fileKind()), reserved, pages);
      this.termSink = terms;
      added = before.adding(terms, file, reserved);
      this.adding = added;
    } catch (RuntimeException | Error e) {
      if (terms != null) {
        terms.close();
      }
      reserved.close();
      lock.close();
      throw e;
    }
  }

  private FileFormat.Identity identity(int kind) {
    return new FileFormat.Identity(kind, store, version);
  }

  @Override
  public StoreState before() {
    return present.state();
  }

  @Override
  public long id(Node term) {
    return adding.id(term);
  }

  @Override
  public Sink runs(RunWriter.Order order) {
    int k = order.ordinal();
    String name = "v" + version + "-" + order.name().toLowerCase(Locale.ROOT) + ".run";
    FileSink out = new FileSink(folder.path().resolve(name), identity(k + 1), memory, pages);
    files[k] = out;
    return out;
  }

  @Override
  public Sink scratchRuns() {
    Path file = folder.path().resolve("v" + version + "-new.run");
    FileSink out = new FileSink(file, identity(SCRATCH_KIND), memory, pages);
    scratch = out;
    return out;
  }

  /** As {@link #publish}, of a store that has no terms either. */
  StoreState publishWithoutTerms(GraphRuns spo, GraphRuns pos, GraphRuns osp) {
    return publish(List.of(), List.of(), new GraphRuns[] {spo, pos, osp});
  }

  @Override
  public StoreState publish(GraphRuns spo, GraphRuns pos, GraphRuns osp) {
    List<Bytes> segments = present.segments();
    List<Manifest.Entry> terms = new ArrayList<>(present.manifest().terms());
    if (adding.size() > 0) {
      Bytes more = adding.finish();
      segments = MappedTerms.with(segments, more, adding.isWhole());
      if (adding.isWhole()) {
        terms.clear();
      }
      terms.add(entry(termSink));
    }
    return publish(segments, terms, new GraphRuns[] {spo, pos, osp});
  }

  private StoreState publish(List<Bytes> segments, List<Manifest.Entry> terms, GraphRuns[] orders) {
    List<Manifest.Entry> runs = new ArrayList<>();
    for (FileSink file : files) {
      runs.add(entry(file));
    }
    StoreState state = StoreFolder.state(segments, orders, budget);
    Manifest manifest = new Manifest(store, version, runs, terms);
    try {
      manifest.publish(folder.path());
    } catch (RuntimeException | Error e) {
      state.dictionary().close();
      throw e;
    }
    made = new StoreFolder.Opened(manifest, segments, state);
    return state;
  }

  private Manifest.Entry entry(FileSink file) {
    return new Manifest.Entry(file.file().getFileName().toString(), version, file.fileBytes());
  }

  /** What was published; null before. */
  StoreFolder.@Nullable Opened published() {
    return made;
  }

  /**
   * The new version is there, whatever becomes of old files: the next load removes what is left.
   */
  private void cleanAfter(Manifest published) {
    try {
      folder.clean(published);
    } catch (PenstockException e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      adding.close();
      for (FileSink file : files) {
        if (file != null) {
          file.close();
        }
      }
      if (scratch != null) {
        scratch.close();
      }
      StoreFolder.Opened now = made;
      if (now == null) {
        folder.clean(Manifest.read(folder.path()));
      } else {
        cleanAfter(now.manifest());
      }
    } finally {
      if (newer) {
        present.state().dictionary().close(); // nobody else had it open
      }
      memory.close();
      lock.close();
    }
  }
}
