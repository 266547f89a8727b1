package dev.penstock.sparql.store;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
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

  private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

  private final Input input;
  private final UUID blanks;
  private final @Nullable Node target;
  private final long chunkBytes;
  private final CancellationToken token;
  private final Consumer<Chunk> full;
  private final PlainLines plain;
  private final Strict strict = new Strict();
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
    parse(new Unbroken(in, input.where()), this);
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

  /** The end of some lines, at least one; a statement of these does not go on behind its line. */
  private static int statements(byte[] lines, int from, int length, int most) {
    int at = from;
    for (int n = 0; n < most && at < length; n++) {
      int next = start(lines, length, at, 2);
      boolean closed = isClosed(lines, at, next);
      at = next;
      if (!closed) {
        break;
      }
    }
    return at;
  }

  /** Does a line end with a dot that is in no term and no comment? */
  private static boolean isClosed(byte[] lines, int from, int to) {
    byte last = 0;
    for (int at = from; at < to; at++) {
      byte b = lines[at];
      if (b == '<' || b == '"') {
        byte end = b == '<' ? (byte) '>' : b;
        for (at++; at < to && lines[at] != end; at++) {
          at += lines[at] == '\\' ? 1 : 0;
        }
      }
      if (at >= to || b == '#') {
        return false;
      }
      last = b > ' ' || b < 0 ? b : last;
    }
    return last == '.';
  }

  /** If some lines cannot be read together, each is read by itself: one is there whole, or not. */
  private void byJena(byte[] lines, int from, int to, boolean skipBad) {
    Read read = new Read();
    try {
      parse(new ByteArrayInputStream(lines, from, to - from), read);
      read.quads.forEach(this::quad);
      return;
    } catch (BadLine e) {
      read.quads.clear();
    }
    for (int at = from; at < to; firstLine++) {
      int next = start(lines, to, at, 2);
      try {
        parse(new ByteArrayInputStream(lines, at, next - at), read);
        read.quads.forEach(this::quad);
      } catch (BadLine e) {
        if (!skipBad) {
          throw e.line == 1 ? e.error : behind(e);
        }
        chunk.skipped++;
      }
      read.quads.clear();
      at = next;
    }
  }

  /** A text without an end is noticed in the line behind it. */
  private PenstockException behind(BadLine e) {
    return bad(input.where() + ":" + (firstLine + 1) + ": " + e.text, null);
  }

  /** What Jena read of some lines, in which it takes relative IRIs for what they are. */
  private final class Read extends StreamRDFBase {
    private final List<Quad> quads = new ArrayList<>();

    @Override
    public void triple(Triple t) {
      quad(new Quad(Quad.defaultGraphNodeGenerated, t));
    }

    @Override
    public void quad(Quad q) {
      absolute(q.getGraph());
      absolute(q.getSubject());
      absolute(q.getPredicate());
      absolute(q.getObject());
      quads.add(q);
    }

    private void absolute(@Nullable Node term) {
      String iri =
          term == null
              ? null
              : term.isURI()
                  ? term.getURI()
                  : term.isLiteral() ? term.getLiteralDatatypeURI() : null;
      if (iri != null && !ABSOLUTE.matcher(iri).lookingAt()) {
        throw strict.at("the IRI <" + iri + "> is relative; a line has absolute ones only", 1, -1);
      }
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
          .source(input.isUtf8() ? new StrictUtf8(in, strict::noText) : in)
          .lang(input.lang())
          .base(input.base())
          .labelToNode(LabelToNode.createScopeByDocumentHash(blanks))
          .errorHandler(strict)
          .parse(out);
    } catch (PenstockException | BadLine e) {
      throw e;
    } catch (RiotException e) {
      for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
        if (t instanceof PenstockException broken) {
          throw broken; // the parser of JSON wraps whatever it gets
        }
      }
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

    RuntimeException noText(long line) {
      return at("bytes that are no UTF-8", line, -1);
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
