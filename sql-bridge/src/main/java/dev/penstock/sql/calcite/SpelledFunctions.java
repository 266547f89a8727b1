package dev.penstock.sql.calcite;

import static dev.penstock.sql.calcite.Lists.list;

import dev.penstock.batch.DataType;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.jspecify.annotations.Nullable;

/** Functions that nobody calls: the spelling of a query stands for clauses by them. */
final class SpelledFunctions {
  private SpelledFunctions() {}

  static void all(BiConsumer<String, PlanFunction> to) {
    to.accept(
        PlanFunction.ROW_NUMBER,
        new PlanFunction(PlanFunction.ROW_NUMBER, (args, types) -> 0L, fixed(DataType.INT64)));
    to.accept(
        PlanFunction.POSITIONAL,
        new PlanFunction(PlanFunction.POSITIONAL, (args, types) -> true, fixed(DataType.BOOLEAN)));
    to.accept(
        "$LIMITED",
        new PlanFunction("$LIMITED", args -> limited(args.get(0), args.get(1), args.get(2))));
    to.accept("$DRAW", new PlanFunction("$DRAW", args -> draw(args.get(0), args.get(1))));
    to.accept(
        "$OR_EMPTY",
        new PlanFunction(
            "$OR_EMPTY",
            (args, types) -> list("coalesce", args.get(0), list("json-array")),
            call -> call.getOperandType(0)));
  }

  private static SqlReturnTypeInference fixed(DataType type) {
    return call -> SqlTypes.calcite(call.getTypeFactory(), type, false);
  }

  /** A random number for a row; of no seed, of any. */
  private static Object draw(@Nullable Object seed, @Nullable Object row) {
    Object given = seed == null ? ThreadLocalRandom.current().nextLong(Long.MAX_VALUE) : seed;
    return list("random", given, row);
  }

  /** Is a row with a number from 0 on among so many behind the first few? Null: all, and none. */
  private static Object limited(@Nullable Object most, @Nullable Object row, @Nullable Object few) {
    Object first = few == null ? 0L : list("coalesce", notNegative(few), 0L);
    Object beyond =
        most == null
            ? true
            : list("<", list("-", row, first), list("coalesce", notNegative(most), Long.MAX_VALUE));
    return list("and", list(">=", row, first), beyond);
  }

  private static Object notNegative(Object limit) {
    Object right = list("or", list("is-null", limit), list(">=", limit, 0L));
    return list("require", right, limit, "LIMIT and OFFSET are not negative");
  }
}
