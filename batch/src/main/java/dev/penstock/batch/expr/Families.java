package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which class binds which plain function; the functions of one class are a family. */
final class Families {
  /** Makes the call of a function of its family, or null if these types have no kernel. */
  interface Binder {
    @Nullable Expr bind(String fn, List<Expr> args, DataType result);
  }

  private static final Map<String, Binder> BINDERS = new HashMap<>();

  static {
    add(FloatFunctions.NAMES, FloatFunctions::bind);
    add(FloatTests.NAMES, FloatTests::bind);
    add(IntegerFunctions.NAMES, IntegerFunctions::bind);
    add(DateParts.NAMES, DateParts::bind);
    add(DateFunctions.NAMES, DateFunctions::bind);
    add(DateFields.NAMES, DateFields::bind);
    add(DateSpans.NAMES, DateSpans::bind);
    add(DateMaking.FUNCTIONS);
    add(DateText.NAMES, DateText::bind);
    add(Epochs.NAMES, Epochs::bind);
    add(Intervals.FUNCTIONS);
    add(TimeBucket.NAMES, TimeBucket::bind);
    add(Zones.NAMES, Zones::bind);
    add(TextSearch.NAMES, TextSearch::bind);
    add(TextParts.NAMES, TextParts::bind);
    add(TextFunctions.NAMES, TextFunctions::bind);
    add(RegexFunctions.NAMES, RegexFunctions::bind);
    add(Digests.NAMES, Digests::bind);
    add(JsonFunctions.NAMES, JsonFunctions::bind);
    add(JsonMaking.NAMES, JsonMaking::bind);
    add(JsonLists.NAMES, JsonLists::bind);
    add(JsonTests.FUNCTIONS);
    add(Draws.FUNCTIONS);
    add(TextDistance.FUNCTIONS);
    add(TextCodes.NAMES, TextCodes::bind);
    add(TextEdits.FUNCTIONS);
  }

  static final Set<String> NAMES = Set.copyOf(BINDERS.keySet());

  private Families() {}

  private static void add(Map<String, Plain> functions) {
    functions.forEach((name, plain) -> add(List.of(name), plain));
  }

  private static void add(Collection<String> names, Binder binder) {
    for (String name : names) {
      if (BINDERS.put(name, binder) != null) {
        throw new IllegalStateException(name + " is in two families");
      }
    }
  }

  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    Binder binder = BINDERS.get(fn);
    return binder == null ? null : binder.bind(fn, args, result);
  }
}
