package dev.penstock.sources.files;

import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Source.Request;
import dev.penstock.sources.Scans;
import dev.penstock.sources.SourceContract;
import dev.penstock.sources.parquet.ParquetSink;
import dev.penstock.sources.tpch.TpchSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder of Parquet files. */
class ParquetTableTest extends SourceContract {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("customers"));
    Source customers = TpchSource.of("customer", Map.of("sf", 0.03));
    Schema schema = customers.schema();
    for (String part : new String[] {"a", "b"}) {
      Budget budget = Budget.root("sink", 1L << 28);
      try (ParquetSink sink =
          ParquetSink.create(folder.resolve("customers/" + part + ".parquet"), schema, budget)) {
        Scans.forEach(customers, Request.all(schema), Scans.query(), sink::write);
        sink.finish();
      }
    }
    byte[] whole = Files.readAllBytes(folder.resolve("customers/a.parquet"));
    Arrays.fill(whole, 100, whole.length / 2, (byte) 7);
    Files.write(folder.resolve("damaged.parquet"), whole);
  }

  @Override
  protected Source source() {
    return FileTables.at(folder).table("customers", Map.of());
  }

  /** A close during next throws there: the reservation is closed. */
  @Override
  protected boolean endsWhenClosedByAnother() {
    return false;
  }

  @Override
  protected Source damaged() {
    return FileTables.at(folder).table("damaged.parquet", Map.of());
  }
}
