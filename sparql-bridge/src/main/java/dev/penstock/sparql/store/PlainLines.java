package dev.penstock.sparql.store;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.jena.datatypes.RDFDatatype;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.riot.lang.LabelToNode;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of N-Triples and N-Quads from their bytes, as long as nothing in them is odd: what it
 * takes, Jena's parser takes too, and makes the same of it. All else, errors among it, is left to
 * that.
 *
 * <pre>
 * line    = [ term term term [ term ] "." ] [ "#" any ]      terms with blanks or tabs between them
 * term    = "&lt;" scheme ":" plain characters of IRIs "&gt;"
 *         | "_:" letters, digits and "_"
 *         | '"' text '"' [ "@" aa | "@" aa-AA | "^^" IRI ]    no text of the rdf: types
 * escapes = in texts only; no half characters, no control characters by their number
 * </pre>
 *
 * <p>One thread.
 */
final class PlainLines {
  /** The line is not one that is read here. */
  static final int ODD = -1;

  private static final byte OF_IRI = 1;
  private static final byte OF_SCHEME = 2;
  private static final byte OF_LABEL = 4;
  private static final byte[] KINDS = kinds();

  private static final String RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
  private static final String DEFAULT_GRAPHS = "urn:x-arq:";
  private static final int FIRST_PRINTED = 0x20;

  private final LabelToNode labels;
  private final boolean quads;
  private final Tokens tokens = new Tokens();
  private final Map<String, RDFDatatype> types = new HashMap<>();
  private final int[] from = new int[4];
  private final int[] to = new int[4];

  /** Of a literal: where its text ends, and whether it has escapes or more than ASCII. */
  private int textEnd;

  private boolean escaped;
  private boolean wide;

  PlainLines(LabelToNode labels, boolean quads) {
    this.labels = labels;
    this.quads = quads;
  }

  private static byte[] kinds() {
    byte[] out = new byte[256];
    for (int c = 0; c < 128; c++) {
      boolean letter = (c | 32) >= 'a' && (c | 32) <= 'z';
      boolean digit = c >= '0' && c <= '9';
      if (letter || digit) {
        out[c] = OF_IRI | OF_SCHEME | OF_LABEL;
      } else if (c == '_') {
        out[c] = OF_IRI | OF_LABEL;
      } else if ("+-.".indexOf(c) >= 0) {
        out[c] = OF_IRI | OF_SCHEME;
      } else if ("~:/?#@!$&'()*,;=".indexOf(c) >= 0) {
        out[c] = OF_IRI;
      }
    }
    return out;
  }

  /** The chunk is another one. */
  void begin() {
    tokens.clear();
  }

  /**
   * Reads one line into a chunk.
   *
   * @param in must stay as it is until {@link #begin}
   * @return where the next one begins, or {@link #ODD}: nothing was added
   */
  int line(byte[] in, int start, int length, Chunk chunk) {
    int at = blanks(in, start, length);
    if (at == length || in[at] == '\n' || in[at] == '\r' || in[at] == '#') {
      return end(in, at, length);
    }
    int n = 0;
    for (; at < length && n < 4 && in[at] != '.'; n++) {
      if (n == 3 && !quads) {
        return ODD;
      }
      int end = term(in, at, length, n);
      if (end < 0) {
        return ODD;
      }
      from[n] = at;
      to[n] = end;
      at = blanks(in, end, length);
    }
    if (n < 3 || at == length || in[at] != '.') {
      return ODD;
    }
    int next = end(in, blanks(in, at + 1, length), length);
    return next >= 0 && add(in, n, chunk) ? next : ODD;
  }

  private static int blanks(byte[] in, int start, int length) {
    int at = start;
    while (at < length && (in[at] == ' ' || in[at] == '\t')) {
      at++;
    }
    return at;
  }

  /** Behind the end of a line that may hold a comment. */
  private static int end(byte[] in, int start, int length) {
    int at = start;
    if (at < length && in[at] == '#') {
      while (at < length && in[at] != '\n' && in[at] != '\r') {
        at++;
      }
    }
    if (at < length && in[at] == '\r') {
      at++;
    }
    return at == length ? at : in[at] == '\n' ? at + 1 : ODD;
  }

  /** Behind the n-th term of a line, which begins here. */
  private int term(byte[] in, int at, int length, int n) {
    return switch (in[at]) {
      case '<' -> iri(in, at, length);
      case '_' -> n == 1 ? ODD : label(in, at, length);
      case '"' -> n == 2 ? literal(in, at, length) : ODD;
      default -> ODD;
    };
  }

  private static int iri(byte[] in, int start, int length) {
    int at = start + 1;
    if (at == length || (in[at] | 32) < 'a' || (in[at] | 32) > 'z') {
      return ODD;
    }
    while (at < length && (KINDS[in[at] & 255] & OF_SCHEME) != 0) {
      at++;
    }
    if (at == length || in[at] != ':') {
      return ODD;
    }
    int colon = at;
    while (at < length && (KINDS[in[at] & 255] & OF_IRI) != 0) {
      at++;
    }
    return at < length && in[at] == '>' && at > colon + 1 ? at + 1 : ODD;
  }

  private static int label(byte[] in, int start, int length) {
    int at = start + 1;
    if (at == length || in[at++] != ':') {
      return ODD;
    }
    int first = at;
    while (at < length && (KINDS[in[at] & 255] & OF_LABEL) != 0) {
      at++;
    }
    boolean ended = at < length && (in[at] == ' ' || in[at] == '\t');
    return at > first && ended ? at : ODD;
  }

  private int literal(byte[] in, int start, int length) {
    int at = start + 1;
    escaped = false;
    wide = false;
    while (at < length && in[at] != '"') {
      byte b = in[at];
      if (b == '\\') {
        escaped = true;
        at++;
      } else if (b < 0) {
        wide = true;
      } else if (b < FIRST_PRINTED && b != '\t') {
        return ODD;
      }
      at++;
    }
    if (at >= length) {
      return ODD;
    }
    textEnd = at++;
    if (at < length && in[at] == '@') {
      return language(in, at, length);
    }
    return at + 2 < length && in[at] == '^' && in[at + 1] == '^'
        ? in[at + 2] == '<' ? iri(in, at + 2, length) : ODD
        : at;
  }

  private static int language(byte[] in, int start, int length) {
    int at = start + 1;
    if (at + 2 >= length || !isSmall(in[at]) || !isSmall(in[at + 1])) {
      return ODD;
    }
    at += 2;
    if (at + 3 < length && in[at] == '-' && isLarge(in[at + 1]) && isLarge(in[at + 2])) {
      at += 3;
    }
    return in[at] == ' ' || in[at] == '\t' ? at : ODD;
  }

  private static boolean isSmall(byte b) {
    return b >= 'a' && b <= 'z';
  }

  private static boolean isLarge(byte b) {
    return b >= 'A' && b <= 'Z';
  }

  private boolean add(byte[] in, int n, Chunk chunk) {
    int graph = Chunk.NO_GRAPH;
    if (n == 4 && begins(in, from[3] + 1, to[3], DEFAULT_GRAPHS)) {
      return false;
    }
    int hash = Tokens.hash(in, from[2], to[2]);
    int o = tokens.find(in, from[2], to[2], hash);
    Node object = null;
    if (o < 0) {
      object = in[from[2]] == '"' ? literal(in) : named(in, 2);
      if (object == null) {
        return false;
      }
    }
    if (n == 4) {
      graph = number(in, 3, chunk);
    }
    int s = number(in, 0, chunk);
    int p = number(in, 1, chunk);
    if (object != null) {
      o = chunk.term(object);
      tokens.add(from[2], to[2], hash, o);
    }
    chunk.row(graph, s, p, o);
    return true;
  }

  private static boolean begins(byte[] in, int start, int end, String with) {
    int i = 0;
    while (i < with.length() && start + i < end && in[start + i] == with.charAt(i)) {
      i++;
    }
    return i == with.length();
  }

  private int number(byte[] in, int k, Chunk chunk) {
    int hash = Tokens.hash(in, from[k], to[k]);
    int known = tokens.find(in, from[k], to[k], hash);
    if (known >= 0) {
      return known;
    }
    int number = chunk.term(named(in, k));
    tokens.add(from[k], to[k], hash, number);
    return number;
  }

  private static String ascii(byte[] in, int start, int end) {
    return new String(in, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /** The k-th term, an IRI or a blank node. */
  private Node named(byte[] in, int k) {
    return in[from[k]] == '<'
        ? NodeFactory.createURI(ascii(in, from[k] + 1, to[k] - 1))
        : labels.get(null, ascii(in, from[k] + 2, to[k]));
  }

  /** The object, which was read last as a literal; null: it is odd. */
  private @Nullable Node literal(byte[] in) {
    String text =
        wide
            ? new String(in, from[2] + 1, textEnd - from[2] - 1, StandardCharsets.UTF_8)
            : ascii(in, from[2] + 1, textEnd);
    if (wide && text.indexOf('\uFFFD') >= 0) {
      return null; // bytes that are no characters, perhaps
    }
    if (escaped) {
      text = unescaped(text);
      if (text == null) {
        return null;
      }
    }
    int behind = textEnd + 1;
    if (behind == to[2]) {
      return NodeFactory.createLiteralString(text);
    }
    if (in[behind] == '@') {
      return NodeFactory.createLiteralLang(text, ascii(in, behind + 1, to[2]));
    }
    String type = ascii(in, behind + 3, to[2] - 1);
    return type.startsWith(RDF)
        ? null
        : NodeFactory.createLiteralDT(text, types.computeIfAbsent(type, NodeFactory::getType));
  }

  private static @Nullable String unescaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char e = text.charAt(++i);
      int plain = "tbnrf\"'\\".indexOf(e);
      if (plain >= 0) {
        out.append("\t\b\n\r\f\"'\\".charAt(plain));
        continue;
      }
      int digits = e == 'u' ? 4 : e == 'U' ? 8 : 0;
      int point = digits == 0 ? -1 : hex(text, i + 1, digits);
      if (point < FIRST_PRINTED
          || point > Character.MAX_CODE_POINT
          || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
        return null;
      }
      out.appendCodePoint(point);
      i += digits;
    }
    return out.toString();
  }

  /** A number of so many hexadecimal digits, or -1. */
  private static int hex(String text, int start, int digits) {
    if (start + digits > text.length()) {
      return -1;
    }
    int v = 0;
    for (int i = start; i < start + digits; i++) {
      int d = Character.digit(text.charAt(i), 16);
      if (d < 0 || text.charAt(i) > 'f' || v >= 1 << 24) {
        return -1;
      }
      v = v << 4 | d;
    }
    return v;
  }
}
