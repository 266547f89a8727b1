package dev.penstock.sparql.term;

import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.Budget;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.util.NodeFactoryExtra;
import org.jspecify.annotations.Nullable;

/**
 * The ids of one query: the store's dictionary as it was when the query began, and its own. Equal
 * terms have equal ids, whoever made them.
 *
 * <p>Concurrency: any thread; see {@link Dictionary} and {@link OwnTerms}.
 */
public final class Terms implements AutoCloseable {
  private final StoredTerms store;
  private final int storeSize;
  private final OwnTerms own;
  private int marked;

  /**
   * @param storeSize terms of the store that count; later ones are unknown to this query
   * @param budget where the query's own terms are reserved
   */
  public Terms(StoredTerms store, int storeSize, Budget budget) {
    this(store, storeSize, budget, null);
  }

  /**
   * @param spill where the query's own terms go on when the budget refuses them; null: nowhere
   */
  public Terms(StoredTerms store, int storeSize, Budget budget, @Nullable DirectorySpill spill) {
    this.store = store;
    this.storeSize = storeSize;
    this.own = new OwnTerms(budget, spill);
  }

  /** The id of a term. */
  public long encode(Node term) {
    long inline = inline(term);
    if (inline != 0) {
      return inline;
    }
    int tag = tag(term);
    int index = store.find(term);
    return index >= 0 && index < storeSize
        ? TermId.of(tag, index)
        : TermId.of(tag, TermId.OWN | own.add(term));
  }

  /** The id of an xsd:integer. */
  public long integer(long value) {
    long id = Inline.ofInteger(value);
    return id != 0 ? id : encode(NodeFactoryExtra.intToNode(value));
  }

  /** The id of a term, or null for null. */
  public @Nullable Long encodeOrNull(@Nullable Node term) {
    return term == null ? null : (Long) encode(term);
  }

  public Node decode(long id) {
    if (!TermId.isIndexed(id)) {
      return Inline.decode(id);
    }
    return TermId.isOwn(id) ? own.get(TermId.index(id)) : store.get(TermId.index(id));
  }

  /** The id of a term in a store that is being filled. */
  public static long add(Dictionary store, Node term) {
    long inline = inline(term);
    return inline != 0 ? inline : indexed(term, store.add(term));
  }

  /** The id of a term that is its own value, or 0. */
  public static long inline(Node term) {
    return term.isLiteral() ? Inline.encode(term) : 0;
  }

  /** The id of a term with an index of a store. */
  static long indexed(Node term, int index) {
    return TermId.of(tag(term), index);
  }

  private static int tag(Node term) {
    if (term.isURI()) {
      return TermId.IRI;
    }
    if (term.isBlank()) {
      return TermId.BLANK;
    }
    return term.isLiteral() ? TermId.LITERAL : TermId.TRIPLE;
  }

  /**
   * The query's own terms up to now are kept by {@link #rest}. False: they are too many for that.
   */
  public boolean mark() {
    marked = own.size();
    return own.isNear();
  }

  /**
   * Forgets the terms that came after the mark; nobody uses their ids any more. Until it is {@link
   * #resume resumed} nothing is reserved for the others.
   */
  public void rest() {
    own.rest(marked);
  }

  /** A query uses them again. */
  public void resume() {
    own.resume();
  }

  @Override
  public void close() {
    own.close();
  }
}
