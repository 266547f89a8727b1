package dev.penstock.buffer.block;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.DefaultSerializers;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Opaque objects of the stream level as bytes, by Kryo. Only classes that are registered: a spill
 * file never names a class to load. Registered are strings, boxed numbers, big numbers, dates and
 * times, UUIDs, arrays of bytes, longs, doubles and objects, and the usual lists, sets and maps of
 * java.util; a host adds its own with {@link #allow}.
 *
 * <p>Blocks are read only by the process that wrote them: the order of registration is no format.
 *
 * <p>Concurrency: thread-safe; a Kryo is used by one thread at a time. Those made before a class
 * was allowed are thrown away.
 */
public final class OpaqueObjects {
  private static final Class<?>[] KNOWN = {
    String.class,
    Boolean.class,
    Byte.class,
    Short.class,
    Character.class,
    Integer.class,
    Long.class,
    Float.class,
    Double.class,
    BigDecimal.class,
    BigInteger.class,
    LocalDate.class,
    LocalTime.class,
    LocalDateTime.class,
    Instant.class,
    OffsetDateTime.class,
    ZonedDateTime.class,
    Duration.class,
    Period.class,
    byte[].class,
    long[].class,
    int[].class,
    double[].class,
    float[].class,
    short[].class,
    char[].class,
    boolean[].class,
    Object[].class,
    String[].class,
    HashMap.class,
    LinkedHashMap.class,
    TreeMap.class
  };
  private static final int MOST_BYTES = 1 << 30;
  private static final List<Allowed<?>> ALLOWED = new CopyOnWriteArrayList<>();
  private static final ConcurrentLinkedQueue<Made> FREE = new ConcurrentLinkedQueue<>();

  private OpaqueObjects() {}

  /** A class of the host, written as an object of a class that is known. */
  private record Allowed<T>(
      Class<T> type,
      boolean itsSubclasses,
      Function<? super T, ?> toKnown,
      Function<Object, ? extends T> fromKnown) {
    Object known(Object value) {
      return toKnown.apply(type.cast(value));
    }
  }

  /** A Kryo and the number of classes it knows of the host's. */
  private record Made(Kryo kryo, int allowed, Output out) {}

  /** What an {@link Allowed} becomes. */
  static final class Replaced {
    final int by;
    final Object known;

    Replaced(int by, Object known) {
      this.by = by;
      this.known = known;
    }
  }

  /**
   * Allows objects of a class: for the whole process, from now on.
   *
   * @param itsSubclasses whether those of subclasses too (an interface: all that implement it)
   * @param toKnown gives an object of classes that are known, or of others that are allowed
   * @param fromKnown gives an equal object back
   */
  public static <T> void allow(
      Class<T> type,
      boolean itsSubclasses,
      Function<? super T, ?> toKnown,
      Function<Object, ? extends T> fromKnown) {
    ALLOWED.add(new Allowed<>(type, itsSubclasses, toKnown, fromKnown));
  }

  private static Made make() {
    int allowed = ALLOWED.size();
    Kryo kryo = new Hosts();
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    kryo.setInstantiatorStrategy(new DefaultInstantiatorStrategy());
    for (Class<?> known : KNOWN) {
      kryo.register(known);
    }
    kryo.register(UUID.class, new DefaultSerializers.UUIDSerializer());
    kryo.register(ArrayList.class, new Items<>(ArrayList::new));
    kryo.register(HashSet.class, new Items<>(n -> new HashSet<>()));
    kryo.register(LinkedHashSet.class, new Items<>(n -> new LinkedHashSet<>()));
    kryo.register(Replaced.class, new ReplacedSerializer());
    return new Made(kryo, allowed, new Output(1024, MOST_BYTES));
  }

  /** Every object passes here on its way out and in, also those within collections. */
  private static final class Hosts extends Kryo {
    @Override
    public void writeClassAndObject(Output output, @Nullable Object object) {
      super.writeClassAndObject(output, object == null ? null : replaced(object));
    }

    @Override
    public @Nullable Object readClassAndObject(Input input) {
      Object object = super.readClassAndObject(input);
      return object instanceof Replaced r ? ALLOWED.get(r.by).fromKnown().apply(r.known) : object;
    }

    private static Object replaced(Object object) {
      Class<?> type = object.getClass();
      int i = 0;
      for (Allowed<?> each : ALLOWED) {
        if (each.type() == type || (each.itsSubclasses() && each.type().isInstance(object))) {
          return new Replaced(i, each.known(object));
        }
        i++;
      }
      return object;
    }
  }

  /**
   * A collection, each item with its class: Kryo's own bypasses {@link Hosts} for equal classes.
   */
  private static final class Items<C extends Collection<@Nullable Object>> extends Serializer<C> {
    private final IntFunction<C> maker;

    Items(IntFunction<C> maker) {
      this.maker = maker;
    }

    @Override
    public void write(Kryo kryo, Output output, C items) {
      output.writeInt(items.size());
      for (Object item : items) {
        kryo.writeClassAndObject(output, item);
      }
    }

    @Override
    public C read(Kryo kryo, Input input, Class<? extends C> type) {
      int n = input.readInt();
      C items = maker.apply(n);
      for (int i = 0; i < n; i++) {
        items.add(kryo.readClassAndObject(input));
      }
      return items;
    }
  }

  private static final class ReplacedSerializer extends Serializer<Replaced> {
    @Override
    public void write(Kryo kryo, Output output, Replaced object) {
      output.writeInt(object.by);
      kryo.writeClassAndObject(output, object.known);
    }

    @Override
    public Replaced read(Kryo kryo, Input input, Class<? extends Replaced> type) {
      return new Replaced(input.readInt(), kryo.readClassAndObject(input));
    }
  }

  /** The bytes of an object, or UNSUPPORTED: its class is not allowed. */
  static byte[] write(@Nullable Object object) {
    Made made = FREE.poll();
    if (made == null || made.allowed() != ALLOWED.size()) {
      made = make();
    }
    Output out = made.out();
    out.reset();
    try {
      made.kryo().writeClassAndObject(out, object);
    } catch (KryoException | IllegalArgumentException e) {
      throw new PenstockException(
          PenstockException.Category.UNSUPPORTED,
          "spill-objects",
          "a "
              + (object == null ? "null" : object.getClass().getName())
              + " cannot be spilled: "
              + reason(e)
              + "; allow its class, or raise the memory cap",
          e);
    }
    byte[] bytes = out.toBytes();
    FREE.offer(made);
    return bytes;
  }

  private static String reason(Exception e) {
    String text = String.valueOf(e.getMessage());
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  static @Nullable Object read(byte[] slab, int from, int to) {
    Made made = FREE.poll();
    if (made == null || made.allowed() != ALLOWED.size()) {
      made = make();
    }
    Object object = made.kryo().readClassAndObject(new Input(slab, from, to - from));
    FREE.offer(made);
    return object;
  }
}
