package dev.penstock.server.arrow;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;

/**
 * Messages of Arrow: Schema.fbs and Message.fbs of format version 5, as far as flat columns need
 * them. Numbers are slots of tables and members of enums there.
 */
final class ArrowSchema {
  private static final int VERSION_5 = 4;
  private static final int SCHEMA = 1;
  private static final int RECORD_BATCH = 3;
  private static final int MICROSECOND = 2;

  private ArrowSchema() {}

  static byte[] message(Schema schema) {
    FlatBuffer b = new FlatBuffer();
    int[] fields = new int[schema.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = field(b, schema.field(i));
    }
    int all = b.vector(fields);
    int header = b.table(4).field(0, 0, 2).reference(1, all).end();
    return message(b, SCHEMA, header, 0);
  }

  /**
   * @param nodes rows and nulls of each column
   * @param buffers offset and length of each buffer in the body
   */
  static byte[] message(
      long rows, long[] nodes, int nodeCount, long[] buffers, int bufferCount, long bodyBytes) {
    FlatBuffer b = new FlatBuffer();
    int allBuffers = b.pairs(buffers, bufferCount);
    int allNodes = b.pairs(nodes, nodeCount);
    int header = b.table(4).field(0, rows, 8).reference(1, allNodes).reference(2, allBuffers).end();
    return message(b, RECORD_BATCH, header, bodyBytes);
  }

  private static byte[] message(FlatBuffer b, int kind, int header, long bodyBytes) {
    return b.finish(
        b.table(5)
            .field(3, bodyBytes, 8)
            .reference(2, header)
            .field(0, VERSION_5, 2)
            .field(1, kind, 1)
            .end());
  }

  private static int field(FlatBuffer b, Field field) {
    int name = b.text(field.name());
    int children = b.vector();
    int metadata = 0;
    if (field.type().equals(DataType.UUID)) {
      int key = b.text("ARROW:extension:name");
      int value = b.text("arrow.uuid");
      int first = b.table(2).reference(0, key).reference(1, value).end();
      int noneKey = b.text("ARROW:extension:metadata");
      int noneValue = b.text("");
      int second = b.table(2).reference(0, noneKey).reference(1, noneValue).end();
      metadata = b.vector(first, second);
    }
    int kind = kind(field.type());
    int type = type(b, field.type());
    b.table(7)
        .reference(0, name)
        .reference(3, type)
        .reference(5, children)
        .field(1, field.nullable() ? 1 : 0, 1)
        .field(2, kind, 1);
    if (metadata != 0) {
      b.reference(6, metadata);
    }
    return b.end();
  }

  /** A member of the union Type. */
  private static int kind(DataType type) {
    return switch (type.kind()) {
      case INT32, INT64 -> 2;
      case FLOAT64 -> 3;
      case VARBINARY -> 4;
      case VARCHAR, JSON, ANY -> 5;
      case BOOLEAN -> 6;
      case DECIMAL -> 7;
      case DATE -> 8;
      case TIME -> 9;
      case TIMESTAMP, TIMESTAMPTZ -> 10;
      case INTERVAL -> 11;
      case UUID -> 15;
    };
  }

  private static int type(FlatBuffer b, DataType type) {
    return switch (type.kind()) {
      case INT32 -> b.table(2).field(0, 32, 4).field(1, 1, 1).end();
      case INT64 -> b.table(2).field(0, 64, 4).field(1, 1, 1).end();
      case FLOAT64 -> b.table(1).field(0, 2, 2).end();
      case VARBINARY, VARCHAR, JSON, ANY, BOOLEAN -> b.table(0).end();
      case DECIMAL ->
          b.table(3).field(0, type.precision(), 4).field(1, type.scale(), 4).field(2, 128, 4).end();
      case DATE -> b.table(1).field(0, 0, 2).end();
      case TIME -> b.table(2).field(1, 64, 4).field(0, MICROSECOND, 2).end();
      case TIMESTAMP -> b.table(2).field(0, MICROSECOND, 2).end();
      case TIMESTAMPTZ -> {
        int zone = b.text("UTC");
        yield b.table(2).reference(1, zone).field(0, MICROSECOND, 2).end();
      }
      case INTERVAL -> b.table(1).field(0, 2, 2).end();
      case UUID -> b.table(1).field(0, 16, 4).end();
    };
  }
}
