package dev.penstock.sparql.translate;

import java.util.Map;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.expr.E_Add;
import org.apache.jena.sparql.expr.E_Bound;
import org.apache.jena.sparql.expr.E_Coalesce;
import org.apache.jena.sparql.expr.E_DateTimeDay;
import org.apache.jena.sparql.expr.E_DateTimeHours;
import org.apache.jena.sparql.expr.E_DateTimeMinutes;
import org.apache.jena.sparql.expr.E_DateTimeMonth;
import org.apache.jena.sparql.expr.E_DateTimeYear;
import org.apache.jena.sparql.expr.E_Divide;
import org.apache.jena.sparql.expr.E_Function;
import org.apache.jena.sparql.expr.E_If;
import org.apache.jena.sparql.expr.E_IsBlank;
import org.apache.jena.sparql.expr.E_IsIRI;
import org.apache.jena.sparql.expr.E_IsLiteral;
import org.apache.jena.sparql.expr.E_IsNumeric;
import org.apache.jena.sparql.expr.E_LogicalAnd;
import org.apache.jena.sparql.expr.E_LogicalNot;
import org.apache.jena.sparql.expr.E_LogicalOr;
import org.apache.jena.sparql.expr.E_Multiply;
import org.apache.jena.sparql.expr.E_NumAbs;
import org.apache.jena.sparql.expr.E_NumCeiling;
import org.apache.jena.sparql.expr.E_NumFloor;
import org.apache.jena.sparql.expr.E_NumRound;
import org.apache.jena.sparql.expr.E_OneOf;
import org.apache.jena.sparql.expr.E_Regex;
import org.apache.jena.sparql.expr.E_SameTerm;
import org.apache.jena.sparql.expr.E_StrContains;
import org.apache.jena.sparql.expr.E_StrEndsWith;
import org.apache.jena.sparql.expr.E_StrLength;
import org.apache.jena.sparql.expr.E_StrStartsWith;
import org.apache.jena.sparql.expr.E_Subtract;
import org.apache.jena.sparql.expr.E_UnaryMinus;
import org.apache.jena.sparql.expr.E_UnaryPlus;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprFunction;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.apache.jena.sparql.expr.ExprFunctionOp;
import org.apache.jena.sparql.expr.ExprList;
import org.apache.jena.sparql.expr.aggregate.AggAvg;
import org.apache.jena.sparql.expr.aggregate.AggAvgDistinct;
import org.apache.jena.sparql.expr.aggregate.AggCount;
import org.apache.jena.sparql.expr.aggregate.AggCountDistinct;
import org.apache.jena.sparql.expr.aggregate.AggCountVar;
import org.apache.jena.sparql.expr.aggregate.AggCountVarDistinct;
import org.apache.jena.sparql.expr.aggregate.AggMax;
import org.apache.jena.sparql.expr.aggregate.AggMaxDistinct;
import org.apache.jena.sparql.expr.aggregate.AggMin;
import org.apache.jena.sparql.expr.aggregate.AggMinDistinct;
import org.apache.jena.sparql.expr.aggregate.AggSample;
import org.apache.jena.sparql.expr.aggregate.AggSampleDistinct;
import org.apache.jena.sparql.expr.aggregate.AggSum;
import org.apache.jena.sparql.expr.aggregate.AggSumDistinct;
import org.apache.jena.sparql.expr.aggregate.Aggregator;

/** What kinds of terms an expression gives; any where nothing is known of it. */
final class ExpressionKinds {
  private static final String XSD = "http://www.w3.org/2001/XMLSchema#";

  private ExpressionKinds() {}

  static Kinds of(Expr e, Map<Var, Kinds> known) {
    if (e.isVariable()) {
      return known.getOrDefault(e.asVar(), Kinds.NONE);
    }
    if (e.isConstant()) {
      return Kinds.of(e.getConstant().asNode());
    }
    if (e instanceof E_Add || e instanceof E_Subtract || e instanceof E_Multiply) {
      return numbers(pair((ExprFunction2) e, known));
    }
    if (e instanceof E_Divide divide) {
      return divided(pair(divide, known));
    }
    if (e instanceof E_UnaryMinus
        || e instanceof E_UnaryPlus
        || e instanceof E_NumAbs
        || e instanceof E_NumCeiling
        || e instanceof E_NumFloor
        || e instanceof E_NumRound) {
      return numbers(of(((ExprFunction) e).getArg(1), known));
    }
    if (e instanceof E_If choice) {
      return of(choice.getArg2(), known).or(of(choice.getArg3(), known));
    }
    if (e instanceof E_Coalesce first) {
      Kinds all = Kinds.NONE;
      for (Expr arg : first.getArgs()) {
        all = all.or(of(arg, known));
      }
      return all;
    }
    if (isTruth(e)) {
      return Kinds.BOOLEANS;
    }
    if (e instanceof E_StrLength
        || e instanceof E_DateTimeYear
        || e instanceof E_DateTimeMonth
        || e instanceof E_DateTimeDay
        || e instanceof E_DateTimeHours
        || e instanceof E_DateTimeMinutes) {
      return Kinds.INTEGERS;
    }
    return e instanceof E_Function cast ? ofCast(cast.getFunctionIRI()) : Kinds.ANY;
  }

  private static Kinds pair(ExprFunction2 e, Map<Var, Kinds> known) {
    return of(e.getArg1(), known).or(of(e.getArg2(), known));
  }

  /** Dates can be added to, too: then nothing is known. A product has the digits of both. */
  private static Kinds numbers(Kinds of) {
    return !of.isNumbers() ? Kinds.ANY : of.hasDecimal() ? of.or(Kinds.decimals(18)) : of;
  }

  /** Two integers give a decimal. */
  private static Kinds divided(Kinds of) {
    return !of.isNumbers()
        ? Kinds.ANY
        : of.hasDouble() ? of.or(Kinds.decimals(18)) : Kinds.decimals(18);
  }

  private static boolean isTruth(Expr e) {
    if (e instanceof ExprFunctionOp
        || e instanceof E_LogicalAnd
        || e instanceof E_LogicalOr
        || e instanceof E_LogicalNot
        || e instanceof E_Bound
        || e instanceof E_SameTerm
        || e instanceof E_OneOf
        || e instanceof E_Regex
        || e instanceof E_IsBlank
        || e instanceof E_IsIRI
        || e instanceof E_IsLiteral
        || e instanceof E_IsNumeric
        || e instanceof E_StrContains
        || e instanceof E_StrStartsWith
        || e instanceof E_StrEndsWith) {
      return true;
    }
    String symbol = e instanceof ExprFunction2 f ? String.valueOf(f.getOpName()) : "";
    return switch (symbol) {
      case "=", "!=", "<", ">", "<=", ">=" -> true;
      default -> false;
    };
  }

  private static Kinds ofCast(String iri) {
    if (!iri.startsWith(XSD)) {
      return Kinds.ANY;
    }
    return switch (iri.substring(XSD.length())) {
      case "integer", "int", "long", "short", "byte" -> Kinds.INTEGERS;
      case "decimal" -> Kinds.decimals(Kinds.MOST_SCALE);
      case "double", "float" -> Kinds.DOUBLES;
      case "boolean" -> Kinds.BOOLEANS;
      case "dateTime" -> Kinds.TIMES;
      default -> Kinds.ANY;
    };
  }

  static Kinds of(Aggregator a, Map<Var, Kinds> known) {
    if (a instanceof AggCount
        || a instanceof AggCountDistinct
        || a instanceof AggCountVar
        || a instanceof AggCountVarDistinct) {
      return Kinds.INTEGERS;
    }
    ExprList args = a.getExprList();
    if (args == null || args.size() != 1) {
      return Kinds.ANY;
    }
    Kinds of = of(args.get(0), known);
    if (a instanceof AggSum || a instanceof AggSumDistinct) {
      return numbers(of).or(Kinds.INTEGERS);
    }
    if (a instanceof AggAvg || a instanceof AggAvgDistinct) {
      return divided(of).or(Kinds.INTEGERS);
    }
    return a instanceof AggMin
            || a instanceof AggMinDistinct
            || a instanceof AggMax
            || a instanceof AggMaxDistinct
            || a instanceof AggSample
            || a instanceof AggSampleDistinct
        ? of
        : Kinds.ANY;
  }
}
