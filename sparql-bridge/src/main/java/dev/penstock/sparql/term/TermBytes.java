package dev.penstock.sparql.term;

import dev.penstock.monitor.PenstockException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.apache.jena.datatypes.RDFDatatype;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.graph.TextDirection;

/**
 * Terms as bytes.
 *
 * <pre>
 * term = 1 IRI | 2 label | 3 text | 4 language 0 text | 5 direction language 0 text | 6 type 0 text
 *        all texts in UTF-8; direction: l or r
 * </pre>
 */
final class TermBytes {
  private static final byte IRI = 1;
  private static final byte BLANK = 2;
  private static final byte TEXT = 3;
  private static final byte LANGUAGE = 4;
  private static final byte DIRECTION = 5;
  private static final byte TYPED = 6;

  private TermBytes() {}

  static byte[] of(Node term) {
    if (term.isURI()) {
      return bytes(IRI, "", term.getURI());
    }
    if (term.isBlank()) {
      return bytes(BLANK, "", term.getBlankNodeLabel());
    }
    if (!term.isLiteral()) {
      throw PenstockException.unsupported("rdf-star", "triples within triples are not supported");
    }
    String text = term.getLiteralLexicalForm();
    String language = term.getLiteralLanguage();
    if (language != null && !language.isEmpty()) {
      TextDirection direction = term.getLiteralBaseDirection();
      return direction == null
          ? bytes(LANGUAGE, language + '\0', text)
          : bytes(DIRECTION, (direction == TextDirection.LTR ? "l" : "r") + language + '\0', text);
    }
    RDFDatatype type = term.getLiteralDatatype();
    return type == XSDDatatype.XSDstring
        ? bytes(TEXT, "", text)
        : bytes(TYPED, type.getURI() + '\0', text);
  }

  private static byte[] bytes(byte kind, String head, String text) {
    byte[] body = (head.isEmpty() ? text : head + text).getBytes(StandardCharsets.UTF_8);
    if (body.length != head.length() + text.length()) {
      checkSurrogates(text);
    }
    byte[] out = new byte[1 + body.length];
    out[0] = kind;
    System.arraycopy(body, 0, out, 1, body.length);
    return out;
  }

  /** Half a character has no bytes of its own: two terms would become one. */
  private static void checkSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw PenstockException.incorrect(
            "rdf-text",
            "expected text of whole characters, got half of one (\\u"
                + Integer.toHexString(c)
                + ") in a term of "
                + text.length()
                + " characters");
      }
    }
  }

  static Node node(byte[] b, int n) {
    switch (b[0]) {
      case IRI:
        return NodeFactory.createURI(text(b, 1, n));
      case BLANK:
        return NodeFactory.createBlankNode(text(b, 1, n));
      case TEXT:
        return NodeFactory.createLiteralString(text(b, 1, n));
      default:
        break;
    }
    int end = 1;
    while (b[end] != 0) {
      end++;
    }
    String rest = text(b, end + 1, n);
    return switch (b[0]) {
      case LANGUAGE -> NodeFactory.createLiteralLang(rest, text(b, 1, end));
      case DIRECTION ->
          NodeFactory.createLiteralDirLang(
              rest, text(b, 2, end), b[1] == 'l' ? TextDirection.LTR : TextDirection.RTL);
      default -> NodeFactory.createLiteralDT(rest, NodeFactory.getType(text(b, 1, end)));
    };
  }

  private static String text(byte[] b, int from, int to) {
    return new String(b, from, to - from, StandardCharsets.UTF_8);
  }

  /**
   * The form by which terms are found: that of the term, but languages, whose letters are equal in
   * both cases, in small ones. The same array when it is its own form.
   */
  static byte[] key(byte[] b) {
    if (b[0] != LANGUAGE && b[0] != DIRECTION) {
      return b;
    }
    int end = 1;
    while (b[end] != 0) {
      end++;
    }
    byte[] small = text(b, 1, end).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    if (small.length != end - 1 || Arrays.equals(small, 0, end - 1, b, 1, end)) {
      return b;
    }
    byte[] out = b.clone();
    System.arraycopy(small, 0, out, 1, small.length);
    return out;
  }

  /** The hash of a key; part of the file format. */
  static long hash(byte[] key) {
    long h = key.length * 0x9E3779B97F4A7C15L;
    int i = 0;
    for (; i + 8 <= key.length; i += 8) {
      long w =
          (key[i] & 0xFFL)
              | (key[i + 1] & 0xFFL) << 8
              | (key[i + 2] & 0xFFL) << 16
              | (key[i + 3] & 0xFFL) << 24
              | (key[i + 4] & 0xFFL) << 32
              | (key[i + 5] & 0xFFL) << 40
              | (key[i + 6] & 0xFFL) << 48
              | (key[i + 7] & 0xFFL) << 56;
      h = mix(h ^ w);
    }
    long w = 0;
    for (int k = 0; i < key.length; i++, k += 8) {
      w |= (key[i] & 0xFFL) << k;
    }
    return mix(mix(h ^ w));
  }

  private static long mix(long v) {
    long h = v * 0xBF58476D1CE4E5B9L;
    h ^= h >>> 29;
    h *= 0x94D049BB133111EBL;
    return h ^ (h >>> 32);
  }
}
