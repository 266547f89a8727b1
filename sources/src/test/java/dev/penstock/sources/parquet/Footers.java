package dev.penstock.sources.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;

/** Files as other writers leave them: the footer changed, the data as it was. */
final class Footers {
  private Footers() {}

  /** A copy with another footer. */
  static Path change(Path file, Path to, Consumer<FileMetaData> change) {
    try {
      byte[] all = Files.readAllBytes(file);
      int length = LittleEndian.getInt(all, all.length - 8);
      int at = all.length - 8 - length;
      FileMetaData footer = new FileMetaData(ParquetFile.open(file).footer());
      change.accept(footer);
      byte[] written = ThriftBytes.write(footer);
      byte[] out = Arrays.copyOf(all, at + written.length + 8);
      System.arraycopy(written, 0, out, at, written.length);
      LittleEndian.putInt(out, at + written.length, written.length);
      System.arraycopy(all, all.length - 4, out, out.length - 4, 4);
      return Files.write(to, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void forEachChunk(FileMetaData footer, Consumer<ColumnMetaData> change) {
    for (RowGroup g : footer.getRow_groups()) {
      g.getColumns().forEach(c -> change.accept(c.getMeta_data()));
    }
  }
}
