package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.term.Terms;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.sparql.expr.NodeValue;
import org.jspecify.annotations.Nullable;

/**
 * What each row has anew: RAND(), UUID(), STRUUID(), BNODE(), BNODE(text). A function of a seed and
 * the number of the row, which is the first argument, so that plans may move and repeat it.
 */
public final class Draw implements HostFunction {
  /** What is drawn. */
  public enum Kind {
    RANDOM,
    UUID_IRI,
    UUID_TEXT,
    BLANK,
    /** The second argument is the label, a term. */
    LABELLED_BLANK
  }

  /** The token is asked for each so many rows. */
  private static final int CHECK = 0xF;

  private final Terms terms;
  private final Kind kind;
  private final long seed;

  public Draw(Terms terms, Kind kind, long seed) {
    this.terms = terms;
    this.kind = kind;
    this.seed = seed;
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    long[] numbers = longs(batch, args[0]);
    FlatColumn label = args.length > 1 ? args[1].flat(batch.selection(), batch.count()) : null;
    int n = batch.length();
    long[] ids = new long[n];
    long[] nulls = new long[Bits.words(n)];
    for (int i = 0; i < batch.count(); i++) {
      if ((i & CHECK) == 0) {
        CancellationToken.checkCurrent();
      }
      int p = batch.position(i);
      Node term = term(numbers[p], label, p);
      if (term == null) {
        Bits.set(nulls, p);
      } else {
        ids[p] = terms.encode(term);
      }
    }
    return new LongColumn(DataType.INT64, ids, nulls, n);
  }

  private static long[] longs(Batch batch, Column column) {
    return ((LongColumn) column.flat(batch.selection(), batch.count())).values();
  }

  private @Nullable Node term(long row, @Nullable FlatColumn label, int position) {
    SplittableRandom random = new SplittableRandom(seed ^ row * 0x9E3779B97F4A7C15L);
    return switch (kind) {
      case RANDOM -> NodeValue.makeDouble(random.nextDouble()).asNode();
      case UUID_IRI -> NodeFactory.createURI("urn:uuid:" + uuid(random));
      case UUID_TEXT -> NodeFactory.createLiteralString(uuid(random).toString());
      case BLANK -> NodeFactory.createBlankNode(uuid(random).toString());
      case LABELLED_BLANK -> {
        if (label == null || label.isNull(position)) {
          yield null;
        }
        Node text = terms.decode(((LongColumn) label).values()[position]);
        boolean isText = text.isLiteral() && NodeValue.makeNode(text).isString();
        yield isText
            ? NodeFactory.createBlankNode(uuid(random) + text.getLiteralLexicalForm())
            : null;
      }
    };
  }

  /** Of version 4, as RFC 9562 has it. */
  private static UUID uuid(SplittableRandom random) {
    long high = random.nextLong() & ~0xF000L | 0x4000L;
    long low = random.nextLong() >>> 2 | Long.MIN_VALUE;
    return new UUID(high, low);
  }
}
