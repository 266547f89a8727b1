package dev.penstock.sparql.term;

import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.page.Bytes;
import dev.penstock.sparql.page.Sink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.jena.graph.Node;
import org.jspecify.annotations.Nullable;

/**
 * The terms of a store whose segments lie in files. Nodes that were asked for lately are kept.
 *
 * <p>Concurrency: segments are immutable. A slot of {@code kept} is written without order: an entry
 * is immutable, and carries the index that it is for; a lost one is decoded again.
 */
public final class MappedTerms implements StoredTerms {
  private static final int KEPT = 8192;
  private static final int LEAST_KEPT = 64;

  /** An entry with a node of some hundred characters. */
  private static final long KEPT_BYTES = 512;

  private static final int LONGEST_KEPT = 128;

  /** From so many segments on the next load puts all terms into one. */
  private static final int MOST_SEGMENTS = 8;

  private final List<TermSegment> segments;
  private final int[] firsts;
  private final int size;
  private final Reservation memory;
  private final @Nullable Kept[] kept;

  private record Kept(int index, Node term) {}

  /**
   * @param segments in the order of their indices
   * @param memory for nodes that are kept
   */
  public MappedTerms(List<Bytes> segments, Reservation memory) {
    this.segments = segments.stream().map(TermSegment::new).toList();
    this.firsts = new int[segments.size()];
    int sum = 0;
    for (int k = 0; k < firsts.length; k++) {
      firsts[k] = sum;
      sum += this.segments.get(k).size();
    }
    this.size = sum;
    this.memory = memory;
    int slots = KEPT;
    while (slots > LEAST_KEPT && (slots > 4L * sum || !memory.tryGrow(4L * slots * KEPT_BYTES))) {
      slots /= 2;
    }
    // no more than a quarter of what is free is taken
    memory.resize(slots > LEAST_KEPT ? slots * KEPT_BYTES : 0);
    this.kept = new Kept[slots];
  }

  /** The kind of the files of segments. */
  public static int fileKind() {
    return TermSegment.KIND;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int find(Node term) {
    if (segments.isEmpty() || term.isTripleTerm()) {
      return -1;
    }
    byte[] key = TermBytes.key(TermBytes.of(term));
    return find(key, TermBytes.hash(key));
  }

  private int find(byte[] key, long hash) {
    for (int k = segments.size() - 1; k >= 0; k--) {
      int number = segments.get(k).find(key, hash);
      if (number >= 0) {
        return firsts[k] + number;
      }
    }
    return -1;
  }

  @Override
  public Node get(int index) {
    int slot = index & (kept.length - 1);
    Kept known = kept[slot];
    if (known != null && known.index() == index) {
      return known.term();
    }
    int k = segments.size() - 1;
    while (firsts[k] > index) {
      k--;
    }
    byte[] bytes = segments.get(k).get(index - firsts[k]);
    Node term = TermBytes.node(bytes, bytes.length);
    if (bytes.length <= LONGEST_KEPT) {
      kept[slot] = new Kept(index, term);
    }
    return term;
  }

  @Override
  public void close() {
    memory.close();
  }

  /** Begins a segment for terms that are not there yet. */
  public Adding adding(Sink sink, Path scratch, Reservation scratchMemory) {
    return new Adding(this, sink, scratch, scratchMemory);
  }

  /** A load gives indices to terms. One thread. */
  public static final class Adding implements AutoCloseable {
    private final MappedTerms before;
    private final TermWriter writer;
    private final boolean whole;

    private Adding(MappedTerms before, Sink sink, Path scratch, Reservation memory) {
      this.before = before;
      this.writer = new TermWriter(sink, scratch, memory);
      this.whole = before.segments.size() >= MOST_SEGMENTS;
      if (whole) {
        before.segments.forEach(writer::addAll);
      }
    }

    /** Does the new segment replace all that were there? */
    public boolean isWhole() {
      return whole;
    }

    /** The id of a term, which is added if it is new. */
    public long id(Node term) {
      long inline = Terms.inline(term);
      return inline != 0 ? inline : Terms.indexed(term, index(term));
    }

    private int index(Node term) {
      byte[] bytes = TermBytes.of(term);
      byte[] key = TermBytes.key(bytes);
      long hash = TermBytes.hash(key);
      int first = 0;
      if (!whole) {
        int old = before.find(key, hash);
        if (old >= 0) {
          return old;
        }
        first = before.size;
      }
      int number = writer.find(key, hash);
      return first + (number >= 0 ? number : writer.add(bytes, hash));
    }

    /** How many terms the new segment has. */
    public int size() {
      return writer.size();
    }

    /** The new segment. */
    public Bytes finish() {
      return writer.finish();
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  /** The segments' bytes with one more, or instead. */
  public static List<Bytes> with(List<Bytes> old, Bytes more, boolean whole) {
    List<Bytes> out = new ArrayList<>(whole ? List.of() : old);
    out.add(more);
    return out;
  }
}
