package dev.penstock.nodes;

import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.keyfilter.RuntimeFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be scanned: a table of a catalog, a set of files, a database. Opening it again
 * scans it again.
 */
public interface Source {
  /** All columns, in order. May read (once) to find out; blocking. */
  Schema schema();

  /** Rows, when they are known without reading the data; else -1. Blocking. */
  default long rowCount() {
    return -1;
  }

  /**
   * Figures for the planner: rows, and per column distinct values, bounds, nulls. Blocking, but
   * cheap: reading is put off until a figure is asked for.
   */
  default Statistics statistics() {
    return Statistics.ofRows(rowCount());
  }

  /**
   * Whether scans apply the runtime filters of a request themselves; if not, whoever opens the scan
   * applies them to its batches.
   */
  default boolean appliesRuntimeFilters() {
    return false;
  }

  /**
   * Whether a scan that a runtime filter gives a short list of keys costs what these keys cost, and
   * no more: a hint for where filters are worth it.
   */
  default boolean isReadByKeys() {
    return false;
  }

  /**
   * What a scan must be able to hold, whatever else is held: it is taken from the budget before the
   * query runs.
   *
   * @param capBytes the cap under which it will run; a scan may do with smaller pieces when it is
   *     small
   */
  default Needs needs(Request request, long capBytes) {
    return Needs.NONE;
  }

  /**
   * Bytes that a scan needs.
   *
   * @param scanBytes of the scan itself
   * @param laneBytes of each lane that decodes
   */
  record Needs(long scanBytes, long laneBytes) {
    public static final Needs NONE = new Needs(0, 0);
  }

  /**
   * Opens a scan. Blocking; called off the compute threads. There is no scan yet that could be
   * closed: one that may block for long ends when it hears {@code query.token()}.
   */
  Scan open(Request request, QueryContext query);

  /** A source of the catalog that takes the options of a plan's {@code table+}. */
  interface WithOptions extends Source {
    /**
     * The source that a plan means by these options: a part or a form of this one. Wrong options
     * are an error of category INCORRECT. Blocking.
     */
    Source with(java.util.Map<String, Object> options);
  }

  /**
   * What a scan must deliver.
   *
   * @param columns ordinals of {@link Source#schema}, in the order in which batches carry them; may
   *     be empty (count only)
   * @param filter over the requested columns, or null. The scan must only deliver rows for which it
   *     is true; use it to skip, and apply it to what is left
   * @param limit the scan may stop after so many rows that pass; negative for no limit
   * @param runtimeFilters the scan may leave out rows that do not pass them; see {@link
   *     #appliesRuntimeFilters}. None when there is a limit
   */
  record Request(
      int[] columns, @Nullable Expr filter, long limit, List<RuntimeFilter> runtimeFilters) {
    public Request {
      runtimeFilters = List.copyOf(runtimeFilters);
    }

    public Request(int[] columns, @Nullable Expr filter, long limit) {
      this(columns, filter, limit, List.of());
    }

    public static Request all(Schema schema) {
      int[] columns = new int[schema.size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = i;
      }
      return new Request(columns, null, -1);
    }
  }

  /**
   * An open scan: an I/O thread calls {@link #next} and feeds a pipe with morsels; tasks turn
   * morsels into batches.
   *
   * <p>Morsels come in the order of the data. Closing is idempotent, and makes a blocked {@link
   * #next} end soon.
   */
  interface Scan extends AutoCloseable {
    /**
     * Reads the next morsel, or null at the end. Blocking; one thread at a time (an I/O thread).
     */
    @Nullable Morsel next();

    /** A new decoder for one task lane. */
    Decoder decoder();

    @Override
    void close();

    /**
     * Share of the data that was read, 0 to 1, or negative when unknown. For progress; any thread.
     */
    default double progress() {
      return -1;
    }
  }

  /** A piece of a scan that one task turns into batches: a row group, a block of lines. */
  interface Morsel {
    /** Bytes that it keeps alive. */
    long sizeBytes();
  }

  /** Turns morsels into batches on a compute thread; never blocks. Used by one thread at a time. */
  interface Decoder extends AutoCloseable {
    /** Begins a morsel; only when {@link #next} gave null for the one before. */
    void begin(Morsel morsel);

    /** The next batch of the morsel (not empty), or null at its end. */
    dev.penstock.batch.@Nullable Batch next();

    @Override
    void close();
  }

  /** Names of the columns of a request, for messages. */
  static List<String> names(Schema schema, Request request) {
    return java.util.Arrays.stream(request.columns())
        .mapToObj(i -> schema.field(i).name())
        .toList();
  }
}
