package dev.penstock.sources.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.penstock.monitor.PenstockException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteInputTest {
  @TempDir Path folder;

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packed = new GZIPOutputStream(out)) {
      packed.write(plain);
    }
    return out.toByteArray();
  }

  private byte[] read(byte[] file, Compression compression, Charset charset, int piece)
      throws IOException {
    Path path = Files.write(folder.resolve("f"), file);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ByteInput in = ByteInput.open(path, "f", compression, charset)) {
      byte[] b = new byte[piece + 2];
      int n;
      do {
        n = in.read(b, 1, piece);
        out.write(b, 1, n);
      } while (n == piece);
      assertEquals(file.length, in.rawPosition());
      assertEquals(file.length, in.rawSize());
    }
    return out.toByteArray();
  }

  @Test
  void packedFilesMayHaveSeveralMembers() throws IOException {
    Random random = new Random(7);
    byte[] first = new byte[300_000];
    byte[] second = new byte[70_001];
    random.nextBytes(first);
    Arrays.fill(second, (byte) 'x');
    byte[] plain = join(first, second);
    for (int piece : new int[] {1000, 65_536, 1 << 20}) {
      assertArrayEquals(plain, read(plain, Compression.NONE, StandardCharsets.UTF_8, piece));
      assertArrayEquals(
          plain,
          read(join(gzip(first), gzip(second)), Compression.GZIP, StandardCharsets.UTF_8, piece));
      assertArrayEquals(
          plain,
          read(
              join(Zstd.compress(first), Zstd.compress(second)),
              Compression.ZSTD,
              StandardCharsets.UTF_8,
              piece));
    }
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] out = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  @Test
  void whatIsCutOffIsAnError() throws IOException {
    byte[] plain = "some text, some text".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    byte[] gzip = gzip(plain);
    byte[] zstd = Zstd.compress(plain);
    assertEquals(
        "f: is not whole gzip data: Unexpected end of ZLIB input stream",
        failure(Arrays.copyOf(gzip, gzip.length / 2), Compression.GZIP));
    assertEquals("f: is not whole gzip data: Not in GZIP format", failure(plain, Compression.GZIP));
    assertTrue(
        failure(Arrays.copyOf(zstd, zstd.length / 2), Compression.ZSTD)
            .startsWith("f: is not whole zstd data: "));
    assertTrue(failure(plain, Compression.ZSTD).startsWith("f: is not whole zstd data: "));
  }

  private String failure(byte[] file, Compression compression) {
    return assertThrows(
            PenstockException.class, () -> read(file, compression, StandardCharsets.UTF_8, 1000))
        .getMessage();
  }

  @Test
  void otherEncodingsBecomeUtf8() throws IOException {
    Random random = new Random(8);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      text.append(random.nextInt(3) == 0 ? "🙂" : random.nextBoolean() ? "é" : "a");
    }
    for (String name : new String[] {"utf-16", "utf-16le", "utf-32", "gb18030"}) {
      Charset charset = Charset.forName(name);
      byte[] got = read(text.toString().getBytes(charset), Compression.NONE, charset, 777);
      assertEquals(text.toString(), new String(got, StandardCharsets.UTF_8), name);
    }
  }

  @Test
  void aMissingFileSaysSo() {
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () ->
                ByteInput.open(
                    folder.resolve("no"), "no", Compression.NONE, StandardCharsets.UTF_8));
    assertEquals("no: no such file", e.getMessage());
  }
}
