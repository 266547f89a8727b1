package dev.penstock.compiler;

import clojure.lang.BigInt;
import clojure.lang.IPersistentMap;
import clojure.lang.IPersistentVector;
import clojure.lang.IRecord;
import clojure.lang.ISeq;
import clojure.lang.Keyword;
import clojure.lang.MapEntry;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentHashMap;
import clojure.lang.PersistentHashSet;
import clojure.lang.PersistentList;
import clojure.lang.PersistentQueue;
import clojure.lang.PersistentTreeMap;
import clojure.lang.PersistentTreeSet;
import clojure.lang.PersistentVector;
import clojure.lang.RT;
import clojure.lang.Ratio;
import clojure.lang.Symbol;
import dev.penstock.buffer.block.OpaqueObjects;
import java.lang.reflect.InvocationTargetException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What functions of the stream level make, so that it can be spilled: Clojure's values.
 *
 * <pre>
 * keyword symbol ratio big integer, java.util.Date   themselves
 * vector (also a part of one), map, set, queue       themselves; sorted ones with the usual order only
 * record                                             itself
 * sequence, lazy or not                              a list of its items, as far as 10 million
 * </pre>
 *
 * <p>What comes back is equal to what went out; metadata is lost.
 */
final class ClojureObjects {
  private static final int MOST_ITEMS = 10_000_000;

  /** Classes of records that were spilled: a block has the number. */
  private static final List<Class<?>> RECORDS = new CopyOnWriteArrayList<>();

  static {
    OpaqueObjects.allow(
        Keyword.class,
        false,
        k -> name(k.sym),
        o -> Keyword.intern(Symbol.intern(text(o, 0), text(o, 1))));
    OpaqueObjects.allow(
        Symbol.class, false, ClojureObjects::name, o -> Symbol.intern(text(o, 0), text(o, 1)));
    OpaqueObjects.allow(
        Ratio.class,
        false,
        r -> new Object[] {r.numerator, r.denominator},
        o -> new Ratio((BigInteger) items(o)[0], (BigInteger) items(o)[1]));
    OpaqueObjects.allow(
        BigInt.class, false, BigInt::toBigInteger, o -> BigInt.fromBigInteger((BigInteger) o));
    OpaqueObjects.allow(Date.class, false, Date::getTime, o -> new Date((Long) o));
    OpaqueObjects.allow(
        MapEntry.class,
        false,
        e -> new Object[] {e.getKey(), e.getValue()},
        o -> MapEntry.create(items(o)[0], items(o)[1]));
    OpaqueObjects.allow(
        IPersistentVector.class, true, RT::toArray, o -> PersistentVector.create(items(o)));
    OpaqueObjects.allow(
        PersistentArrayMap.class,
        false,
        ClojureObjects::pairs,
        o -> new PersistentArrayMap(items(o)));
    OpaqueObjects.allow(
        PersistentHashMap.class,
        false,
        ClojureObjects::pairs,
        o -> PersistentHashMap.create(items(o)));
    OpaqueObjects.allow(
        PersistentTreeMap.class,
        false,
        m -> pairs(usual(m.comparator(), m)),
        o -> PersistentTreeMap.create(RT.seq(items(o))));
    OpaqueObjects.allow(
        PersistentHashSet.class, false, RT::toArray, o -> PersistentHashSet.create(items(o)));
    OpaqueObjects.allow(
        PersistentTreeSet.class,
        false,
        s -> RT.toArray(usual(s.comparator(), s)),
        o -> PersistentTreeSet.create(RT.seq(items(o))));
    OpaqueObjects.allow(PersistentQueue.class, false, RT::toArray, o -> queue(items(o)));
    OpaqueObjects.allow(
        ISeq.class, true, ClojureObjects::listed, o -> (ISeq) PersistentList.create((List<?>) o));
    OpaqueObjects.allow(IRecord.class, true, ClojureObjects::fields, o -> record(items(o)));
  }

  private ClojureObjects() {}

  /** Allows them, for the whole process. */
  static void allow() {
    // the class is initialized
  }

  private static Object[] name(Symbol symbol) {
    return new Object[] {symbol.getNamespace(), symbol.getName()};
  }

  private static @Nullable Object[] items(Object known) {
    return (Object[]) known;
  }

  private static @Nullable String text(Object known, int i) {
    return (String) items(known)[i];
  }

  private static @Nullable Object[] pairs(Object map) {
    List<@Nullable Object> out = new ArrayList<>();
    for (Object each : (Iterable<?>) map) {
      Map.Entry<?, ?> entry = (Map.Entry<?, ?>) each;
      out.add(entry.getKey());
      out.add(entry.getValue());
    }
    return out.toArray();
  }

  private static <T> T usual(Comparator<?> order, T sorted) {
    if (order != RT.DEFAULT_COMPARATOR) {
      throw new IllegalArgumentException("it is sorted by a function");
    }
    return sorted;
  }

  private static PersistentQueue queue(@Nullable Object[] items) {
    PersistentQueue out = PersistentQueue.EMPTY;
    for (Object item : items) {
      out = out.cons(item);
    }
    return out;
  }

  private static List<@Nullable Object> listed(ISeq seq) {
    List<@Nullable Object> out = new ArrayList<>();
    for (ISeq s = seq.seq(); s != null; s = s.next()) {
      if (out.size() == MOST_ITEMS) {
        throw new IllegalArgumentException("a sequence of more than " + MOST_ITEMS + " items");
      }
      out.add(s.first());
    }
    return out;
  }

  private static @Nullable Object[] fields(IRecord value) {
    Class<?> type = value.getClass();
    int number = RECORDS.indexOf(type);
    if (number < 0) {
      synchronized (RECORDS) {
        number = RECORDS.indexOf(type);
        if (number < 0) {
          number = RECORDS.size();
          RECORDS.add(type);
        }
      }
    }
    return new Object[] {number, pairs(value)};
  }

  private static IRecord record(@Nullable Object[] known) {
    Class<?> type = RECORDS.get((Integer) java.util.Objects.requireNonNull(known[0]));
    try {
      IPersistentMap values = RT.map((Object[]) known[1]);
      return (IRecord) type.getMethod("create", IPersistentMap.class).invoke(null, values);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a record cannot be made again: " + type.getName(), e);
    }
  }
}
