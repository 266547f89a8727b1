package dev.penstock.sparql.store;

import dev.penstock.monitor.PenstockException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFLanguages;

/**
 * RDF that is to be read.
 *
 * @param where stands before line and column in messages
 * @param base the IRI that relative ones go by
 * @param bytes how many there are, or -1
 * @param gzip whether they are compressed
 */
record Input(Opening opening, Lang lang, String where, String base, long bytes, boolean gzip) {
  /** Opens it, once. */
  interface Opening {
    InputStream open() throws IOException;
  }

  static Input of(Path file) {
    Lang lang = RDFLanguages.filenameToLang(file.toString());
    if (lang == null) {
      throw PenstockException.incorrect(
          "rdf-format",
          "expected a file of RDF that ends in .ttl .nt .nq .trig .rdf .jsonld (or these and .gz), got "
              + file);
    }
    try {
      long size = Files.size(file);
      return new Input(
          () -> Files.newInputStream(file),
          lang,
          file.toString(),
          file.toUri().toString(),
          size,
          file.toString().endsWith(".gz"));
    } catch (IOException e) {
      throw cannotRead(file.toString(), e);
    }
  }

  static PenstockException cannotRead(String where, IOException e) {
    String why = e instanceof NoSuchFileException ? "there is no such file" : e.toString();
    return PenstockException.io("rdf-read", "cannot read " + where + ": " + why, e);
  }

  /** Is each statement a line by itself? */
  boolean isLines() {
    return lang.equals(Lang.NTRIPLES) || lang.equals(Lang.NQUADS);
  }

  /** Is it UTF-8 in any case? XML says itself what it is. */
  boolean isUtf8() {
    return !lang.equals(Lang.RDFXML);
  }

  /**
   * @param read counts the bytes as they lie in the file
   */
  InputStream open(AtomicLong read) throws IOException {
    InputStream counted = new Counted(opening.open(), read);
    if (!gzip) {
      return counted;
    }
    try {
      return new GZIPInputStream(counted, 1 << 16);
    } catch (IOException e) {
      counted.close();
      throw e;
    }
  }

  private static final class Counted extends FilterInputStream {
    private final AtomicLong count;

    Counted(InputStream in, AtomicLong count) {
      super(in);
      this.count = count;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      if (b >= 0) {
        count.incrementAndGet();
      }
      return b;
    }

    @Override
    public int read(byte[] to, int from, int n) throws IOException {
      int got = super.read(to, from, n);
      count.addAndGet(Math.max(0, got));
      return got;
    }
  }
}
