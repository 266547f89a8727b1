package dev.penstock.batch;

import java.util.List;

/** The ordered columns of a relation. Names are unique, case-sensitive. */
public record Schema(List<Field> fields) {
  public Schema {
    fields = List.copyOf(fields);
  }

  public static Schema of(Field... fields) {
    return new Schema(List.of(fields));
  }

  public int size() {
    return fields.size();
  }

  public Field field(int index) {
    return fields.get(index);
  }

  public DataType type(int index) {
    return fields.get(index).type();
  }

  /** The ordinal of a column, or -1. */
  public int indexOf(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  public DataType[] types() {
    DataType[] types = new DataType[fields.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = fields.get(i).type();
    }
    return types;
  }
}
