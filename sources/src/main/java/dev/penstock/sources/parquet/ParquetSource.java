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
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.parquet.format.ColumnChunk;
import org.jspecify.annotations.Nullable;

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

  /** The largest row group as it is read, and its columns decompressed. */
  @Override
  public Needs needs(Request request, long capBytes) {
    long[] decoded = new long[request.columns().length];
    for (ParquetFile file : files) {
      for (int g = 0; g < file.rowGroups(); g++) {
        for (int i = 0; i < decoded.length; i++) {
          long decodedHere = 0;
          ParquetColumn column = file.column(schema.field(request.columns()[i]).name());
          for (ColumnChunk chunk : chunks(file, g, column)) {
            decodedHere += DecodedBytes.most(Objects.requireNonNull(column), chunk.getMeta_data());
          }
          // a reader keeps its buffers from row group to row group
          decoded[i] = Math.max(decoded[i], decodedHere);
        }
      }
    }
    boolean filtered = request.filter() != null || !request.runtimeFilters().isEmpty();
    long windows = decoded.length * DecodedBytes.windowBytes(capBytes, filtered);
    return new Needs(storedBytes(request), LongStream.of(decoded).sum() + windows);
  }

  /** Bytes of the arrays that the largest row group is read into. */
  private long storedBytes(Request request) {
    long most = 0;
    List<ColumnChunk> wanted = new ArrayList<>();
    for (ParquetFile file : files) {
      for (int g = 0; g < file.rowGroups(); g++) {
        wanted.clear();
        for (int column : request.columns()) {
          wanted.addAll(chunks(file, g, file.column(schema.field(column).name())));
        }
        long sum = 0;
        for (ReadRange range : ReadRange.coalesce(wanted)) {
          sum += range.roundedBytes();
        }
        most = Math.max(most, sum);
      }
    }
    return most;
  }

  private static List<ColumnChunk> chunks(
      ParquetFile file, int group, @Nullable ParquetColumn column) {
    return column == null
        ? List.of()
        : file.rowGroup(group).getColumns().subList(column.leaf(), column.leaf() + column.leaves());
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    long least = query.spill() == null ? 0 : storedBytes(request);
    return new ParquetScan(files, schema, request, query, least);
  }
}
