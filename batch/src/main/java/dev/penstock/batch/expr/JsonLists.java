package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code json-list}: what is done with the elements of JSON arrays. A result that is no array is
 * the one element of an array.
 */
final class JsonLists {
  static final List<String> NAMES = List.of("json-list");

  private static final String NULL = "null";

  /** An element with what it is compared by. */
  private record Element(String text) {
    int rank() {
      return switch (text.charAt(0)) {
        case 'f', 't' -> 0;
        case '"' -> 2;
        case '[' -> 3;
        case '{' -> 4;
        default -> 1;
      };
    }

    boolean isNull() {
      return text.equals(NULL);
    }

    /** Of elements that are not null. */
    static int compare(Element a, Element b) {
      if (a.rank() != b.rank()) {
        return Integer.compare(a.rank(), b.rank());
      }
      return switch (a.rank()) {
        case 1 -> new BigDecimal(a.text).compareTo(new BigDecimal(b.text));
        case 2 -> java.util.Arrays.compareUnsigned(Utf8.bytes(a.string()), Utf8.bytes(b.string()));
        case 3 -> compare(elements(a.text), elements(b.text));
        default -> a.text.compareTo(b.text);
      };
    }

    private static int compare(@Nullable List<Element> a, @Nullable List<Element> b) {
      if (a == null || b == null) {
        return 0;
      }
      for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
        int c = NULLS_LAST.compare(a.get(i), b.get(i));
        if (c != 0) {
          return c;
        }
      }
      return Integer.compare(a.size(), b.size());
    }

    String string() {
      return text.startsWith("\"") ? JsonText.decode(text.substring(1, text.length() - 1)) : text;
    }
  }

  private static final Comparator<Element> NULLS_LAST =
      (a, b) ->
          a.isNull() || b.isNull()
              ? Boolean.compare(a.isNull(), b.isNull())
              : Element.compare(a, b);

  private JsonLists() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    boolean known =
        args.size() >= 2
            && args.get(0).type().kind() == Kind.VARCHAR
            && args.stream().skip(1).allMatch(a -> a.type().kind() == Kind.JSON)
            && result.kind() == Kind.JSON;
    return known ? new CallExpr(result, JsonLists::eval, args) : null;
  }

  private static FlatColumn eval(Args x) {
    return Gather.texts(
        x,
        DataType.JSON,
        p -> {
          List<Element> list = elements(x.text(1, p));
          if (list == null) {
            throw Errors.badArgument("json-list", x, p, "a JSON array");
          }
          List<Element> out = of(x, p, list);
          return out.stream().map(Element::text).collect(Collectors.joining(",", "[", "]"));
        });
  }

  /** Null if the text is no array. */
  private static @Nullable List<Element> elements(String text) {
    byte[] a = Utf8.bytes(text);
    int at = JsonText.skipSpace(a, 0, a.length);
    JsonMembers members = JsonMembers.at(a, at, a.length);
    if (members == null || !members.ofArray()) {
      return null;
    }
    List<Element> out = new ArrayList<>();
    while (members.next()) {
      int end = JsonText.skipValue(a, members.value(), a.length, 1);
      out.add(new Element(Utf8.string(a, members.value(), end)));
    }
    return members.broken() ? null : out;
  }

  private static List<Element> of(Args x, int p, List<Element> list) {
    String op = x.text(0, p);
    return switch (op) {
      case "sort" -> sorted(list, Comparator.comparing(Element::isNull), false);
      case "sort-desc" -> sorted(list, Comparator.comparing(Element::isNull), true);
      case "sort-nulls-first" ->
          sorted(list, Comparator.comparing(Element::isNull).reversed(), false);
      case "sort-desc-nulls-first" ->
          sorted(list, Comparator.comparing(Element::isNull).reversed(), true);
      case "reverse" -> reversed(list);
      case "distinct" -> List.copyOf(distinct(list));
      case "slice" -> slice(list, number(x, 2, p), number(x, 3, p));
      case "flatten" -> flat(x, p, list);
      case "concat" -> together(list, second(x, p));
      case "intersect" -> common(list, second(x, p));
      case "has-any" -> one(String.valueOf(!common(list, second(x, p)).isEmpty()));
      case "has-all" -> one(String.valueOf(distinct(list).containsAll(distinct(second(x, p)))));
      case "has" -> one(String.valueOf(position(list, new Element(x.text(2, p))) > 0));
      case "position" -> {
        int position = position(list, new Element(x.text(2, p)));
        yield one(position == 0 ? NULL : String.valueOf(position));
      }
      case "join" -> {
        String separator = new Element(x.text(2, p)).string();
        yield one(
            JsonText.quote(
                values(list).stream().map(Element::string).collect(Collectors.joining(separator))));
      }
      default -> one(fold(op, values(list), x, p));
    };
  }

  private static String fold(String op, List<Element> values, Args x, int p) {
    return switch (op) {
      case "count" -> String.valueOf(values.size());
      case "unique" -> String.valueOf(distinct(values).size());
      case "min" -> values.stream().min(Element::compare).map(Element::text).orElse(NULL);
      case "max" -> values.stream().max(Element::compare).map(Element::text).orElse(NULL);
      case "any" -> values.isEmpty() ? NULL : values.get(0).text();
      case "bool-and" ->
          values.isEmpty() ? NULL : String.valueOf(!values.contains(new Element("false")));
      case "bool-or" ->
          values.isEmpty() ? NULL : String.valueOf(values.contains(new Element("true")));
      case "sum", "product", "avg" -> {
        BigDecimal sum = op.equals("product") ? BigDecimal.ONE : BigDecimal.ZERO;
        for (Element e : values) {
          if (e.rank() != 1) {
            throw Errors.badArgument("json-list", x, p, "an array of numbers");
          }
          BigDecimal v = new BigDecimal(e.text());
          sum = op.equals("product") ? sum.multiply(v) : sum.add(v);
        }
        yield values.isEmpty()
            ? NULL
            : op.equals("avg")
                ? sum.divide(BigDecimal.valueOf(values.size()), MathContext.DECIMAL64).toString()
                : sum.toPlainString();
      }
      default -> throw Errors.badArgument("json-list", x, p, "the name of an operation");
    };
  }

  private static List<Element> one(String text) {
    return List.of(new Element(text));
  }

  private static List<Element> values(List<Element> list) {
    return list.stream().filter(e -> !e.isNull()).toList();
  }

  private static List<Element> sorted(
      List<Element> list, Comparator<Element> nulls, boolean descending) {
    List<Element> out = new ArrayList<>(list);
    Comparator<Element> by = (a, b) -> a.isNull() || b.isNull() ? 0 : Element.compare(a, b);
    out.sort(nulls.thenComparing(descending ? by.reversed() : by));
    return out;
  }

  private static List<Element> reversed(List<Element> list) {
    List<Element> out = new ArrayList<>(list);
    Collections.reverse(out);
    return out;
  }

  /** Without nulls, in the order of their first places. */
  private static Set<Element> distinct(List<Element> list) {
    Set<Element> seen = new TreeSet<>(Element::compare);
    Set<Element> out = new LinkedHashSet<>();
    for (Element e : values(list)) {
      if (seen.add(e)) {
        out.add(e);
      }
    }
    return new Compared(out, seen);
  }

  /** A set in the order of its elements' first places, which tells them apart by comparison. */
  private static final class Compared extends java.util.AbstractSet<Element> {
    private final Set<Element> ordered;
    private final Set<Element> sorted;

    Compared(Set<Element> ordered, Set<Element> sorted) {
      this.ordered = ordered;
      this.sorted = sorted;
    }

    @Override
    public java.util.Iterator<Element> iterator() {
      return ordered.iterator();
    }

    @Override
    public int size() {
      return ordered.size();
    }

    @Override
    public boolean contains(Object e) {
      return sorted.contains(e);
    }
  }

  private static List<Element> common(List<Element> a, List<Element> b) {
    Set<Element> other = distinct(b);
    return distinct(a).stream().filter(other::contains).toList();
  }

  /** Positions from 1, both inclusive; negative ones count from the end. */
  private static List<Element> slice(List<Element> list, long from, long to) {
    long first = Math.max(1, from < 0 ? list.size() + from + 1 : from);
    long last = Math.min(list.size(), to < 0 ? list.size() + to + 1 : to);
    return first > last ? List.of() : list.subList((int) first - 1, (int) last);
  }

  private static List<Element> flat(Args x, int p, List<Element> list) {
    List<Element> out = new ArrayList<>();
    for (Element e : values(list)) {
      List<Element> inner = elements(e.text());
      if (inner == null) {
        throw Errors.badArgument("json-list", x, p, "an array of arrays");
      }
      out.addAll(inner);
    }
    return out;
  }

  private static List<Element> together(List<Element> a, List<Element> b) {
    List<Element> out = new ArrayList<>(a);
    out.addAll(b);
    return out;
  }

  /** From 1; 0 if it is not there. A null is found. */
  private static int position(List<Element> list, Element wanted) {
    for (int i = 0; i < list.size(); i++) {
      Element e = list.get(i);
      if (e.isNull() || wanted.isNull()
          ? e.isNull() && wanted.isNull()
          : Element.compare(e, wanted) == 0) {
        return i + 1;
      }
    }
    return 0;
  }

  private static List<Element> second(Args x, int p) {
    List<Element> list = elements(x.text(2, p));
    if (list == null) {
      throw Errors.badArgument("json-list", x, p, "two JSON arrays");
    }
    return list;
  }

  private static long number(Args x, int k, int p) {
    try {
      return Long.parseLong(x.text(k, p));
    } catch (NumberFormatException e) {
      throw Errors.badArgument("json-list", x, p, "positions");
    }
  }
}
