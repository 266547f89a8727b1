package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import dev.penstock.monitor.PenstockException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code json-array json-object}: JSON text of values; a null value is JSON's null. */
final class JsonMaking {
  static final List<String> NAMES = List.of("json-array", "json-object");

  private JsonMaking() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    boolean object = fn.equals("json-object");
    for (int k = 0; k < args.size(); k++) {
      Kind kind = args.get(k).type().kind();
      if (kind == Kind.ANY || (object && k % 2 == 0 && kind != Kind.VARCHAR)) {
        return null;
      }
    }
    return result.kind() != Kind.JSON || (object && args.size() % 2 != 0)
        ? null
        : new Made(args.toArray(new Expr[0]), object);
  }

  private record Made(Expr[] args, boolean object) implements Expr {
    @Override
    public DataType type() {
      return DataType.JSON;
    }

    @Override
    public List<Expr> inputs() {
      return List.of(args);
    }

    @Override
    public Column eval(Batch batch) {
      FlatColumn[] values = new FlatColumn[args.length];
      for (int k = 0; k < values.length; k++) {
        values[k] = args[k].eval(batch).flat(batch.selection(), batch.count());
      }
      Args x = Args.of(batch);
      TextSlab out = new TextSlab(x);
      int[] rows = x.rows();
      for (int i = 0; i < x.rowCount(); i++) {
        int p = rows[i];
        out.begin(p);
        out.append((byte) (object ? '{' : '['));
        for (int k = 0; k < values.length; k++) {
          Object value = values[k].value(p);
          boolean key = object && k % 2 == 0;
          if (key && value == null) {
            throw PenstockException.incorrect(
                "bad-argument",
                "json-object: expected a key for value " + (k / 2 + 1) + ", got null");
          }
          if (k > 0) {
            out.append((byte) (object && !key ? ':' : ','));
          }
          byte[] text = Utf8.bytes(JsonText.of(args[k].type(), value));
          out.append(text, 0, text.length);
        }
        out.append((byte) (object ? '}' : ']'));
      }
      return out.column(DataType.JSON);
    }
  }
}
