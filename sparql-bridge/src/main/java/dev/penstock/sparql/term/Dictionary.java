package dev.penstock.sparql.term;

import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.jena.graph.Node;
import org.jspecify.annotations.Nullable;

/**
 * Terms by index, and indices by term; it only grows, but for {@link #truncate}. On the heap; what
 * it takes is counted in a reservation.
 *
 * <p>Concurrency: {@link #add} and {@link #truncate} are under the monitor. {@code nodes} is
 * volatile and replaced when it grows; an index reaches a reader after the slot was written
 * (through the map, or with the data that holds the id). A reader that goes by a size ignores later
 * terms.
 */
public final class Dictionary implements StoredTerms {
  /** Of a node, its label and its entry in the map, beside its characters. */
  private static final long TERM_BYTES = 176;

  private static final int MOST = 1 << 30;

  private final ConcurrentHashMap<Node, Integer> indices = new ConcurrentHashMap<>();
  private final Reservation memory;
  private volatile @Nullable Node[] nodes = new Node[64];
  private volatile int size;

  /** What the terms take, whether it is reserved or not. */
  private long bytes;

  public Dictionary(Reservation memory) {
    this.memory = memory;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int find(Node term) {
    Integer found = indices.get(term);
    return found == null ? -1 : found;
  }

  @Override
  public Node get(int index) {
    Node term = nodes[index];
    if (term == null) {
      throw new IllegalArgumentException("no term " + index);
    }
    return term;
  }

  /** The index of a term, which is added if it is new. */
  int add(Node term) {
    Integer found = indices.get(term);
    return found != null ? found : addNew(term, Long.MAX_VALUE);
  }

  /**
   * The same; -1: it is new, and all would take more than so many bytes, or more than there are.
   */
  int tryAdd(Node term, long mostBytes) {
    Integer found = indices.get(term);
    return found != null ? found : addNew(term, mostBytes);
  }

  private synchronized int addNew(Node term, long mostBytes) {
    Integer found = indices.get(term);
    if (found != null) {
      return found;
    }
    int index = size;
    if (index == MOST) {
      throw PenstockException.limit("too-many-terms", "a dictionary holds at most 2^30 terms");
    }
    long more = bytes(term);
    if (mostBytes == Long.MAX_VALUE) {
      memory.grow(more);
    } else if (bytes + more > mostBytes || !memory.tryGrow(more)) {
      return -1;
    }
    bytes += more;
    if (index == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * index);
    }
    nodes[index] = term;
    size = index + 1;
    indices.put(term, index);
    return index;
  }

  private static long bytes(Node term) {
    if (term.isURI()) {
      return TERM_BYTES + term.getURI().length();
    }
    return term.isLiteral() ? TERM_BYTES + 32 + term.getLiteralLexicalForm().length() : TERM_BYTES;
  }

  /** Forgets the terms from an index on: what a load that failed has added. */
  public synchronized void truncate(int to) {
    for (int i = to; i < size; i++) {
      Node term = get(i);
      indices.remove(term);
      memory.shrink(bytes(term));
      bytes -= bytes(term);
      nodes[i] = null;
    }
    size = Math.min(size, to);
  }

  /** Nobody uses it for a while: gives its reservation back, and keeps its terms. */
  synchronized void rest() {
    memory.resize(0);
  }

  /** Reserves again what the terms take. */
  synchronized void resume() {
    memory.resize(bytes);
  }

  @Override
  public void close() {
    memory.close();
  }
}
