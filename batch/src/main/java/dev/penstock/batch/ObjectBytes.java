package dev.penstock.batch;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * About how many bytes of heap an opaque object keeps alive: strings, boxes, arrays, and what is
 * within maps, sets and lists. Of other classes only the object itself is counted, not what it
 * refers to; of lists without random access (they may be lazy, or endless) nothing else, unless
 * somebody {@link #know knows} them. What is referred to twice counts twice.
 *
 * <p>Concurrency: thread-safe.
 */
public final class ObjectBytes {
  /** Beyond this many objects the rest is taken to be like those that were seen. */
  private static final int MOST_VISITED = 1 << 20;

  private static final long HEADER = 16;
  private static final long REFERENCE = 8;
  private static final long MAP_ENTRY = 48;
  private static final long LIST_ENTRY = 16;
  private static final long SET_ENTRY = 56;
  private static final List<Function<Object, ? extends @Nullable Iterable<?>>> KNOWN =
      new CopyOnWriteArrayList<>();

  private static final ClassValue<Long> SHALLOW =
      new ClassValue<>() {
        @Override
        protected Long computeValue(Class<?> type) {
          long fields = 0;
          for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
              fields += Modifier.isStatic(field.getModifiers()) ? 0 : REFERENCE;
            }
          }
          return HEADER + fields;
        }
      };

  private ObjectBytes() {}

  /**
   * For the whole process: the parts of objects of classes that are not known here.
   *
   * @param parts gives what is in an object and there already, without computing it; null for
   *     objects of which it knows nothing
   */
  public static void know(Function<Object, ? extends @Nullable Iterable<?>> parts) {
    KNOWN.add(parts);
  }

  /** Of one object and what is in it. */
  public static long of(@Nullable Object object) {
    if (object == null) {
      return 0;
    }
    if (object instanceof Long || object instanceof Double) {
      return 24;
    }
    if (object instanceof String s) {
      return bytes(s);
    }
    ArrayDeque<Object> open = new ArrayDeque<>();
    open.push(object);
    long sum = 0;
    long visited = 0;
    while (!open.isEmpty() && visited++ < MOST_VISITED) {
      sum += shallow(open.pop(), open);
    }
    return open.isEmpty() ? sum : sum + sum / visited * open.size();
  }

  /** Of the objects at these positions; a negative one is null. */
  public static long of(@Nullable Object[] values, int[] positions, int from, int count) {
    long sum = 0;
    for (int i = from; i < from + count; i++) {
      int p = positions[i];
      sum += p < 0 ? 0 : of(values[p]);
    }
    return sum;
  }

  private static long bytes(String s) {
    return 48 + 2L * s.length();
  }

  /** The object itself; what is in it is put onto the stack. */
  private static long shallow(Object object, ArrayDeque<Object> open) {
    if (object instanceof String s) {
      return bytes(s);
    }
    if (object instanceof Number) {
      return object instanceof BigInteger i ? 80 + i.bitLength() / 8 : 24 + numberBytes(object);
    }
    Class<?> type = object.getClass();
    if (type.isArray()) {
      return array(object, open);
    }
    if (object instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        push(entry.getKey(), open);
        push(entry.getValue(), open);
      }
      return 2 * HEADER + MAP_ENTRY * map.size();
    }
    boolean computed = object instanceof List<?> && !(object instanceof RandomAccess);
    if (object instanceof Collection<?> items
        && (!computed || type.getName().startsWith("java.util."))) {
      items.forEach(item -> push(item, open));
      return 2 * HEADER + items.size() * (items instanceof List<?> ? LIST_ENTRY : SET_ENTRY);
    }
    for (Function<Object, ? extends @Nullable Iterable<?>> known : KNOWN) {
      Iterable<?> parts = known.apply(object);
      if (parts != null) {
        long links = 0;
        for (Object part : parts) {
          push(part, open);
          links += SET_ENTRY;
        }
        return HEADER + links;
      }
    }
    return SHALLOW.get(type);
  }

  private static long numberBytes(Object number) {
    return number instanceof Long || number instanceof Double || number instanceof Integer ? 0 : 64;
  }

  private static long array(Object array, ArrayDeque<Object> open) {
    int n = Array.getLength(array);
    if (array instanceof Object[] items) {
      for (Object item : items) {
        push(item, open);
      }
      return HEADER + REFERENCE * n;
    }
    long each =
        array instanceof long[] || array instanceof double[]
            ? 8
            : array instanceof int[] || array instanceof float[]
                ? 4
                : array instanceof char[] || array instanceof short[] ? 2 : 1;
    return HEADER + each * n;
  }

  private static void push(@Nullable Object part, ArrayDeque<Object> open) {
    if (part != null) {
      open.push(part);
    }
  }
}
