package dev.penstock.sources.parquet;

import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.parquet.format.ColumnMetaData;

/**
 * One or many Parquet files as one table. Columns are matched by name; a column that a file lacks
 * is null there; a column whose type differs between files is an error. Rows come in the order of
 * the files.
 *
 * <p>Concurrency: immutable; scans share the footers.
 */
public final class ParquetSource implements Source {
  private final List<ParquetFile> files;
  private final Schema schema;
  private final Statistics statistics;

  private ParquetSource(List<ParquetFile> files, Schema schema) {
    this.files = List.copyOf(files);
    this.schema = schema;
    this.statistics = new ParquetStatistics(this.files, schema);
  }

  /** Reads the footers of the files. Blocking. */
  public static ParquetSource open(List<Path> paths) {
    List<ParquetFile> files = new ArrayList<>();
    for (Path p : paths) {
      files.add(ParquetFile.open(p));
    }
    return of(files);
  }

  public static ParquetSource open(Path path) {
    return open(List.of(path));
  }

  /** Files that are open already. */
  public static ParquetSource of(List<ParquetFile> files) {
    if (files.isEmpty()) {
      throw PenstockException.incorrect("no-files", "expected at least one Parquet file, got none");
    }
    Map<String, Field> fields = new LinkedHashMap<>();
    for (ParquetFile file : files) {
      for (Field f : file.schema().fields()) {
        Field known = fields.get(f.name());
        if (known != null && !known.type().equals(f.type())) {
          throw differ(files, file, f, known);
        }
        boolean nullable =
            f.nullable() || (known == null ? file != files.get(0) : known.nullable());
        fields.put(f.name(), new Field(f.name(), f.type(), nullable));
      }
    }
    for (ParquetFile file : files) {
      for (Field f : List.copyOf(fields.values())) {
        if (file.column(f.name()) == null) {
          fields.put(f.name(), new Field(f.name(), f.type(), true));
        }
      }
    }
    return new ParquetSource(files, new Schema(List.copyOf(fields.values())));
  }

  private static PenstockException differ(
      List<ParquetFile> files, ParquetFile file, Field f, Field known) {
    Path first = file.path();
    for (ParquetFile other : files) {
      if (other.column(f.name()) != null) {
        first = other.path();
        break;
      }
    }
    return PenstockException.incorrect(
        "type-differs",
        "column "
            + f.name()
            + " is "
            + known.type()
            + " in "
            + first
            + ", but "
            + f.type()
            + " in "
            + file.path()
            + "; read the files as two tables and cast one");
  }

  public List<ParquetFile> files() {
    return files;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public long rowCount() {
    return statistics.rows();
  }

  @Override
  public Statistics statistics() {
    return statistics;
  }

  @Override
  public boolean appliesRuntimeFilters() {
    return true;
  }

  /** The largest row group as it lies in the file, and its columns decompressed. */
  @Override
  public Needs needs(Request request, long capBytes) {
    long stored = 0;
    long[] decoded = new long[request.columns().length];
    for (ParquetFile file : files) {
      for (int g = 0; g < file.rowGroups(); g++) {
        long storedHere = 0;
        for (int i = 0; i < decoded.length; i++) {
          ParquetColumn column = file.column(schema.field(request.columns()[i]).name());
          long decodedHere = 0;
          for (int l = 0; column != null && l < column.leaves(); l++) {
            ColumnMetaData meta =
                file.rowGroup(g).getColumns().get(column.leaf() + l).getMeta_data();
            storedHere += meta.getTotal_compressed_size() + 8;
            decodedHere += DecodedBytes.most(column, meta);
          }
          // a reader keeps its buffers from row group to row group
          decoded[i] = Math.max(decoded[i], decodedHere);
        }
        stored = Math.max(stored, storedHere);
      }
    }
    boolean filtered = request.filter() != null || !request.runtimeFilters().isEmpty();
    long windows = decoded.length * DecodedBytes.windowBytes(capBytes, filtered);
    return new Needs(stored, LongStream.of(decoded).sum() + windows);
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    return new ParquetScan(files, schema, request, query);
  }
}
