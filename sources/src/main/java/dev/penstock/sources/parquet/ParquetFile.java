package dev.penstock.sources.parquet;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.PenstockException.Category;
import dev.penstock.sources.FileIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TException;

/**
 * The footer of one Parquet file: columns, row groups, statistics. Read once; immutable and
 * shareable; the file itself is not kept open.
 *
 * <pre>
 * "PAR1" | column chunks ... | footer (thrift) | footer length, 4 bytes LE | "PAR1"
 * </pre>
 */
public final class ParquetFile {
  private static final int MAGIC = 0x31524150; // "PAR1"
  private static final int MAGIC_ENCRYPTED = 0x45524150; // "PARE"
  private static final int MAX_FOOTER_BYTES = 512 << 20;

  private final Path path;
  private final FileIdentity identity;
  private final int footerBytes;
  private final FileMetaData footer;
  private final List<ParquetColumn> columns;
  private final Map<String, ParquetColumn> byName;

  private ParquetFile(
      Path path,
      FileIdentity identity,
      int footerBytes,
      FileMetaData footer,
      List<ParquetColumn> columns) {
    this.path = path;
    this.identity = identity;
    this.footerBytes = footerBytes;
    this.footer = footer;
    this.columns = columns;
    this.byName = new HashMap<>();
    for (ParquetColumn c : columns) {
      byName.put(c.name(), c);
    }
  }

  /**
   * Reads the footer. Blocking. INCORRECT when it is no Parquet file or a damaged one, IO when
   * reading fails.
   */
  public static ParquetFile open(Path path) {
    try (FileBytes in = FileBytes.open(path)) {
      FileIdentity identity = identity(path);
      long size = identity.sizeBytes();
      if (size < 12) {
        throw damaged(path, "a Parquet file has at least 12 bytes, this one has " + size, null);
      }
      byte[] tail = new byte[8];
      in.read(size - 8, tail, 0, 8);
      int magic = LittleEndian.getInt(tail, 4);
      if (magic == MAGIC_ENCRYPTED) {
        throw PenstockException.unsupported(
            "parquet-feature", path + ": encrypted Parquet files cannot be read");
      }
      if (magic != MAGIC) {
        throw damaged(
            path, "expected the bytes PAR1 at its end; it is no Parquet file or cut off", null);
      }
      int length = LittleEndian.getInt(tail, 0);
      if (length <= 0 || length > size - 12 || length > MAX_FOOTER_BYTES) {
        throw damaged(path, "the footer declares " + length + " bytes in a file of " + size, null);
      }
      byte[] bytes = new byte[length];
      in.read(size - 8 - length, bytes, 0, length);
      return parse(path, identity, bytes);
    }
  }

  /** The state that the file is in now. */
  static FileIdentity identity(Path path) {
    try {
      return FileIdentity.of(path);
    } catch (IOException e) {
      throw FileBytes.failed(path, e);
    }
  }

  private static ParquetFile parse(Path path, FileIdentity identity, byte[] bytes) {
    try {
      FileMetaData footer = new ThriftBytes(bytes, 0, bytes.length).read(new FileMetaData());
      SchemaNode root = SchemaNode.root(footer.getSchema());
      check(path, identity.sizeBytes(), footer, root.leaves());
      return new ParquetFile(path, identity, bytes.length, footer, columns(path, root));
    } catch (TException | RuntimeException e) {
      if (e instanceof PenstockException) {
        throw (PenstockException) e;
      }
      throw damaged(path, "the footer cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static PenstockException damaged(Path path, String what, @Nullable Throwable cause) {
    return new PenstockException(
        Category.INCORRECT, "corrupt-parquet", Place.oneLine(path + ": " + what), cause);
  }

  private static List<ParquetColumn> columns(Path path, SchemaNode root) {
    List<ParquetColumn> out = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (SchemaNode node : root.children()) {
      if (!names.add(node.name())) {
        throw damaged(path, "there are two columns named " + node.name(), null);
      }
      out.add(column(node));
    }
    return List.copyOf(out);
  }

  private static ParquetColumn column(SchemaNode node) {
    if (node.isLeaf() && !node.isRepeated()) {
      return leaf(node, ColumnTypes.of(node.element()));
    }
    return new ParquetColumn(
        node.name(),
        DataType.JSON,
        Conversion.NESTED,
        node.firstLeaf(),
        node.leaves(),
        null,
        0,
        true,
        problem(node),
        node);
  }

  /** The column of a leaf; of a nested column too. */
  static ParquetColumn leaf(SchemaNode node, ColumnTypes.Typed t) {
    return new ParquetColumn(
        node.name(),
        t.type(),
        t.conversion(),
        node.leaf(),
        1,
        node.element().getType(),
        node.element().getType_length(),
        node.isOptional(),
        t.problem(),
        node);
  }

  /** Why a nested column cannot be read, or null. */
  private static @Nullable String problem(SchemaNode node) {
    if (node.isLeaf()) {
      return ColumnTypes.of(node.element()).problem();
    }
    if (node.children().isEmpty()) {
      return "the group " + node.name() + " has no fields";
    }
    for (SchemaNode child : node.children()) {
      String problem = problem(child);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static void check(Path path, long size, FileMetaData footer, int leaves) {
    long rows = 0;
    List<RowGroup> groups = footer.getRow_groups();
    for (int g = 0; g < groups.size(); g++) {
      RowGroup group = groups.get(g);
      if (group.getNum_rows() < 0 || group.getColumnsSize() != leaves) {
        throw damaged(
            path,
            "row group "
                + g
                + " declares "
                + group.getNum_rows()
                + " rows and "
                + group.getColumnsSize()
                + " column chunks for "
                + leaves
                + " columns",
            null);
      }
      rows += group.getNum_rows();
      if (rows < 0) {
        throw damaged(path, "the row groups declare more rows than can be", null);
      }
      for (ColumnChunk chunk : group.getColumns()) {
        checkChunk(path, size, g, chunk);
      }
    }
    if (rows != footer.getNum_rows()) {
      throw damaged(
          path,
          "the file declares " + footer.getNum_rows() + " rows, its row groups " + rows,
          null);
    }
  }

  private static void checkChunk(Path path, long size, int group, ColumnChunk chunk) {
    if (!chunk.isSetMeta_data() || chunk.isSetFile_path()) {
      throw PenstockException.unsupported(
          "parquet-feature",
          path
              + ": row group "
              + group
              + ": column chunks in other files or encrypted ones cannot be read");
    }
    long start = chunkStart(chunk);
    long length = chunk.getMeta_data().getTotal_compressed_size();
    if (start < 0 || length < 0 || start > size - length) {
      throw damaged(
          path,
          "row group "
              + group
              + ", column "
              + String.join(".", chunk.getMeta_data().getPath_in_schema())
              + ": a column chunk of "
              + length
              + " bytes at offset "
              + start
              + " does not fit into a file of "
              + size
              + " bytes",
          null);
    }
  }

  /** Where a column chunk begins: at its dictionary page if it has one. */
  static long chunkStart(ColumnChunk chunk) {
    long data = chunk.getMeta_data().getData_page_offset();
    long dictionary = chunk.getMeta_data().getDictionary_page_offset();
    boolean has = chunk.getMeta_data().isSetDictionary_page_offset();
    return has && dictionary > 0 && dictionary < data ? dictionary : data;
  }

  public Path path() {
    return path;
  }

  public long sizeBytes() {
    return identity.sizeBytes();
  }

  /** The state that the file was in when it was opened. */
  FileIdentity identity() {
    return identity;
  }

  /** Bytes of the footer as it is stored. */
  public long footerBytes() {
    return footerBytes;
  }

  public long rowCount() {
    return footer.getNum_rows();
  }

  public int rowGroups() {
    return footer.getRow_groupsSize();
  }

  /** The columns, in the order of the file. */
  public Schema schema() {
    List<Field> fields = new ArrayList<>();
    for (ParquetColumn c : columns) {
      fields.add(new Field(c.name(), c.type(), c.optional()));
    }
    return new Schema(fields);
  }

  /** Who wrote it, or an empty text. */
  public String createdBy() {
    return footer.isSetCreated_by() ? footer.getCreated_by() : "";
  }

  List<ParquetColumn> columns() {
    return columns;
  }

  @Nullable ParquetColumn column(String name) {
    return byName.get(name);
  }

  RowGroup rowGroup(int group) {
    return footer.getRow_groups().get(group);
  }

  /**
   * What the footer says of a column in a row group; nothing of a nested column.
   *
   * @param column of this file, or null: the file lacks it, so it is null there
   */
  Bounds bounds(@Nullable ParquetColumn column, int group) {
    RowGroup g = rowGroup(group);
    if (column == null) {
      return Bounds.allNull(DataType.ANY, g.getNum_rows());
    }
    if (!hasOrder(column)) {
      return Bounds.unknown(column.type(), g.getNum_rows());
    }
    return Bounds.of(
        column, g.getColumns().get(column.leaf()).getMeta_data().getStatistics(), g.getNum_rows());
  }

  /** Bounds of the column are in the order that its type defines, not in one that is not known. */
  boolean hasOrder(ParquetColumn column) {
    if (column.conversion() == Conversion.NESTED || column.problem() != null) {
      return false;
    }
    List<ColumnOrder> orders = footer.getColumn_orders();
    return orders == null
        || (column.leaf() < orders.size() && orders.get(column.leaf()).isSetTYPE_ORDER());
  }

  FileMetaData footer() {
    return footer;
  }
}
