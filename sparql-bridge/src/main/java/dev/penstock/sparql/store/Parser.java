package dev.penstock.sparql.store;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.graph.Triple;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.riot.RiotException;
import org.apache.jena.riot.lang.LabelToNode;
import org.apache.jena.riot.system.ErrorHandler;
import org.apache.jena.riot.system.StreamRDF;
import org.apache.jena.riot.system.StreamRDFBase;
import org.apache.jena.sparql.core.Quad;
import org.jspecify.annotations.Nullable;

/** Texts go in, chunks come out. One thread. */
final class Parser extends StreamRDFBase {
  private static final int MOST_ROWS = 1 << 14;

  /** So many lines at most are given to Jena at once: it begins anew each time. */
  private static final int MOST_TOGETHER = 1 << 10;

  private final Input input;
  private final UUID blanks;
  private final @Nullable Node target;
  private final long chunkBytes;
  private final CancellationToken token;
  private final Consumer<Chunk> full;
  private final PlainLines plain;
  private Chunk chunk = new Chunk();
  private long firstLine;

  /**
   * @param blanks blank nodes with the same label are the same for the same input
   * @param graph takes triples that have no graph; null: the default graph
   * @param full takes chunks when they are full
   */
  Parser(
      Input input,
      UUID blanks,
      @Nullable String graph,
      long chunkBytes,
      CancellationToken token,
      Consumer<Chunk> full) {
    this.input = input;
    this.blanks = blanks;
    this.target = graph == null ? null : NodeFactory.createURI(graph);
    this.chunkBytes = chunkBytes;
    this.token = token;
    this.full = full;
    this.plain =
        new PlainLines(
            LabelToNode.createScopeByDocumentHash(blanks), input.lang().equals(Lang.NQUADS));
  }

  /** Reads all, and gives the last chunk, too. */
  void read(InputStream in) {
    parse(in, this);
    full.accept(chunk);
  }

  /**
   * Reads lines, and gives the last chunk, too: those without anything odd from their bytes, the
   * others by Jena.
   *
   * @param skipBad whether lines that cannot be read are left out
   * @param lineBefore how many lines stand before these
   */
  void readLines(byte[] lines, int length, boolean skipBad, long lineBefore) {
    firstLine = lineBefore;
    int together = 1;
    for (int at = 0; at < length; ) {
      int next = plain.line(lines, at, length, chunk);
      if (next == PlainLines.ODD) {
        long before = firstLine;
        next = statements(lines, at, length, together);
        byJena(lines, at, next, skipBad);
        firstLine = before + count(lines, at, next);
        together = Math.min(MOST_TOGETHER, 2 * together);
      } else {
        firstLine++;
        together = Math.max(1, together - 1);
      }
      at = next;
      giveFull();
    }
    full.accept(chunk);
  }

  static long count(byte[] lines, int from, int to) {
    long n = 0;
    for (int i = from; i < to; i++) {
      n += lines[i] == '\n' ? 1 : 0;
    }
    return n;
  }

  /**
   * The end of some lines, each of which ends with a dot: whatever stands before that, a statement
   * is not continued in the next line. At least one line.
   */
  private static int statements(byte[] lines, int from, int length, int most) {
    int at = from;
    for (int n = 0; n < most && at < length; n++) {
      at = start(lines, length, at, 2);
      int last = at - 1;
      while (last >= from && lines[last] <= ' ' && lines[last] >= 0) {
        last--;
      }
      if (last < from || lines[last] != '.') {
        break;
      }
    }
    return at;
  }

  private void byJena(byte[] lines, int start, int end, boolean skipBad) {
    int from = start;
    while (from < end) {
      try {
        parse(new ByteArrayInputStream(lines, from, end - from), this);
        break;
      } catch (BadLine e) {
        if (e.line < 1) {
          throw e.error;
        }
        int bad = start(lines, end, from, e.line);
        if (e.line > 1) {
          // a text without an end is noticed in the line behind it
          int before = start(lines, end, from, e.line - 1);
          PenstockException own = error(lines, before, bad, e.line - 1);
          if (own != null) {
            skipOrThrow(skipBad, own);
            from = bad;
            firstLine += e.line - 1;
            continue;
          }
        }
        skipOrThrow(skipBad, e.error);
        from = start(lines, end, bad, 2);
        firstLine += e.line;
      }
    }
  }

  private void skipOrThrow(boolean skip, PenstockException error) {
    if (!skip) {
      throw error;
    }
    chunk.skipped++;
  }

  /** What is wrong with one line by itself, or null. */
  private @Nullable PenstockException error(byte[] lines, int from, int to, long line) {
    try {
      parse(new ByteArrayInputStream(lines, from, to - from), new StreamRDFBase());
      return null;
    } catch (BadLine e) {
      return bad(input.where() + ":" + (firstLine + line) + ": " + e.text, null);
    }
  }

  /** Where the n-th line from a place on begins. */
  private static int start(byte[] lines, int length, int from, long n) {
    int at = from;
    for (long line = 1; line < n && at < length; at++) {
      line += lines[at] == '\n' ? 1 : 0;
    }
    return at;
  }

  private void parse(InputStream in, StreamRDF out) {
    try {
      RDFParser.create()
          .source(in)
          .lang(input.lang())
          .base(input.base())
          .labelToNode(LabelToNode.createScopeByDocumentHash(blanks))
          .errorHandler(new Strict())
          .parse(out);
    } catch (PenstockException | BadLine e) {
      throw e;
    } catch (RiotException e) {
      throw bad(input.where() + ": " + e.getMessage(), e);
    }
  }

  private static PenstockException bad(String message, @Nullable Throwable cause) {
    return new PenstockException(
        PenstockException.Category.INCORRECT,
        "rdf-syntax",
        message + "; nothing was loaded",
        cause);
  }

  private void add(@Nullable Node graph, Node s, Node p, Node o) {
    Node g = graph == null ? target : graph;
    chunk.add(g == null ? Chunk.NO_GRAPH : chunk.number(g), s, p, o);
    giveFull();
  }

  private void giveFull() {
    if (chunk.bytes >= chunkBytes || chunk.rows >= MOST_ROWS) {
      token.check();
      full.accept(chunk);
      chunk = new Chunk();
      plain.begin();
    }
  }

  @Override
  public void triple(Triple t) {
    add(null, t.getSubject(), t.getPredicate(), t.getObject());
  }

  @Override
  public void quad(Quad q) {
    boolean isDefault = q.isDefaultGraph() || q.getGraph() == null;
    add(isDefault ? null : q.getGraph(), q.getSubject(), q.getPredicate(), q.getObject());
  }

  /** A line that cannot be read; its number counts from the begin of what is parsed. */
  private static final class BadLine extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final PenstockException error;
    final long line;
    final String text;

    BadLine(PenstockException error, long line, String text) {
      super(error.getMessage(), error, false, false);
      this.error = error;
      this.line = line;
      this.text = text;
    }
  }

  /** What is wrong ends the load; what is odd (a literal that is no value of its type) does not. */
  private final class Strict implements ErrorHandler {
    @Override
    public void warning(String message, long line, long column) {
      // such data is kept as it is written
    }

    @Override
    public void error(String message, long line, long column) {
      throw at(message, line, column);
    }

    @Override
    public void fatal(String message, long line, long column) {
      throw at(message, line, column);
    }

    private RuntimeException at(String message, long line, long column) {
      long number = line + firstLine;
      String where = input.where();
      String place = line < 0 ? where : where + ":" + number + (column < 0 ? "" : ":" + column);
      PenstockException error = bad(place + ": " + message, null);
      return input.isLines() ? new BadLine(error, line, message) : error;
    }
  }
}
