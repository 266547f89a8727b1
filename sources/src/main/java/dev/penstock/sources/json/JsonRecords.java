package dev.penstock.sources.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.ByteScan;
import dev.penstock.sources.text.TextBlock;
import dev.penstock.sources.text.TextScan;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the objects of a block, and over what is malformed between them: in a file with one
 * object a line, a malformed line can be left out; elsewhere nobody knows where the next object
 * begins, so that is an error in any case.
 */
final class JsonRecords implements AutoCloseable {
  private final TextBlock block;
  private final TextScan<?> scan;
  private final boolean skip;
  private final boolean lines;
  private @Nullable JsonParser parser; // made where it is needed
  private @Nullable JsonCell cell;
  private int base; // where the parser began
  private int object; // the object at hand begins here, behind blanks

  JsonRecords(TextBlock block, TextScan<?> scan, boolean skip) {
    this.block = block;
    this.scan = scan;
    this.skip = skip;
    this.lines = block.layout() == JsonLayout.LINES;
    this.base = block.from();
    checkUtf8();
  }

  private void checkUtf8() {
    byte[] b = block.bytes();
    if (ByteScan.isAscii(b, base, block.end()) || ByteScan.isUtf8(b, base, block.end())) {
      return;
    }
    for (int at = base; at < block.end(); ) {
      int end = ByteScan.find(b, at, block.end(), (byte) '\n');
      if (!ByteScan.isUtf8(b, at, end)) {
        if (!skip || !lines) {
          throw PenstockException.incorrect(
              "bad-row",
              block.file().name()
                  + ":"
                  + block.line(at)
                  + ": expected UTF-8 text; give :encoding with the file's own"
                  + (lines ? ", or :bad-rows :skip" : ""));
        }
        Arrays.fill(b, at, end, (byte) ' ');
        scan.skip(1);
      }
      at = end + 1;
    }
  }

  JsonParser parser() {
    JsonParser open = parser;
    if (open == null) {
      open = JsonText.parser(block.bytes(), base, block.end());
      parser = open;
    }
    return open;
  }

  JsonCell cell() {
    JsonCell open = cell;
    if (open == null) {
      open = new JsonCell(parser(), block.bytes(), base);
      cell = open;
    }
    return open;
  }

  /** Between two objects: where the next one begins, if there is one. */
  int position() {
    object = parser == null ? base : base + (int) parser.currentLocation().getByteOffset();
    return firstByte();
  }

  /** Goes on at a position between two objects. */
  void moveTo(int at) {
    close();
    parser = null;
    cell = null;
    base = at;
    object = at;
  }

  /** Moves to the begin of the next object; false at the end of the block. */
  boolean nextObject() {
    for (; ; ) {
      JsonParser parser = parser();
      object = base + (int) parser.currentLocation().getByteOffset();
      try {
        JsonToken token = parser.nextToken();
        if (token == null) {
          return false;
        }
        if (token == JsonToken.START_OBJECT) {
          return true;
        }
        if (!skip) {
          throw PenstockException.incorrect(
              "bad-row",
              place()
                  + "expected an object, got "
                  + (token == JsonToken.START_ARRAY ? "an array" : parser.getText())
                  + "; correct the file or give :bad-rows :skip");
        }
        if (lines) {
          nextLine(firstByte());
        } else {
          parser.skipChildren();
        }
        scan.skip(1);
      } catch (JsonProcessingException e) {
        malformed(e);
        scan.skip(1);
      } catch (IOException e) {
        throw PenstockException.fault("reading an array failed", e);
      }
    }
  }

  /** Leaves out the line of the object that is malformed, or throws. */
  void malformed(JsonProcessingException e) {
    long offset = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
    int at = lines ? firstByte() : (int) Math.min(block.end(), base + offset);
    if (!skip || !lines) {
      throw new PenstockException(
          PenstockException.Category.INCORRECT,
          "bad-row",
          block.file().name()
              + ":"
              + block.line(at)
              + ": malformed JSON: "
              + JsonText.problem(e)
              + (lines ? "; correct the file or give :bad-rows :skip" : "; correct the file"),
          e);
    }
    nextLine(at);
  }

  /**
   * Called at the end of an object. In a file with one object a line an object over several lines
   * is malformed, as a block may end at any line; false if its line was left out.
   */
  boolean isOnOneLine() {
    if (!lines) {
      return true;
    }
    int at = firstByte();
    int end = base + (int) parser().currentLocation().getByteOffset();
    if (ByteScan.find(block.bytes(), at, end, (byte) '\n') == end) {
      return true;
    }
    if (!skip) {
      throw PenstockException.incorrect(
          "bad-row",
          block.file().name()
              + ":"
              + block.line(at)
              + ": expected one object a line, as the file begins, got an object over several;"
              + " correct the file or give :bad-rows :skip");
    }
    nextLine(at);
    return false;
  }

  /** The first byte of the object at hand. */
  private int firstByte() {
    byte[] b = block.bytes();
    int p = object;
    while (p < block.end() && (b[p] == ' ' || b[p] == '\t' || b[p] == '\n' || b[p] == '\r')) {
      p++;
    }
    return p;
  }

  private void nextLine(int at) {
    moveTo(Math.min(block.end(), ByteScan.find(block.bytes(), at, block.end(), (byte) '\n') + 1));
  }

  /** File and line of the token at hand, for messages. */
  String place() {
    return place(base + (int) parser().currentTokenLocation().getByteOffset());
  }

  /** File and line of a position, for messages. */
  String place(int at) {
    return block.file().name() + ":" + block.line(Math.min(at, block.end())) + ": ";
  }

  @Override
  public void close() {
    JsonParser open = parser;
    if (open == null) {
      return;
    }
    try {
      open.close();
    } catch (IOException e) {
      throw PenstockException.fault("closing a parser over an array failed", e);
    }
  }
}
