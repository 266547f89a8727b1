package dev.penstock.sparql.w3c;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.ResultFormat;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.StoreOfTests;
import dev.penstock.sparql.store.TripleStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.jena.graph.Graph;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ResultSetFactory;
import org.apache.jena.query.ResultSetRewindable;
import org.apache.jena.query.Syntax;
import org.apache.jena.rdf.model.RDFNode;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.riot.RDFLanguages;
import org.apache.jena.riot.ResultSetMgr;
import org.apache.jena.riot.resultset.ResultSetLang;
import org.apache.jena.sparql.resultset.ResultSetCompare;
import org.apache.jena.sparql.resultset.SPARQLResult;
import org.apache.jena.sparql.vocabulary.ResultSetGraphVocab;
import org.jspecify.annotations.Nullable;

/** Runs one test of a suite; what went wrong, or null. */
final class Runner {
  private final Engine engine;

  Runner(Engine engine) {
    this.engine = engine;
  }

  /** The reason why a test fails, or null if it passes. */
  @Nullable String run(Manifest.Case test) {
    try {
      return switch (test.type()) {
        case "PositiveSyntaxTest", "PositiveSyntaxTest11" -> {
          QueryFactory.create(text(test.query()), test.query(), Syntax.syntaxSPARQL_11);
          yield null;
        }
        case "NegativeSyntaxTest", "NegativeSyntaxTest11" -> refused(test);
        case "QueryEvaluationTest", "CSVResultFormatTest" -> evaluate(test);
        default -> "no runner for " + test.type();
      };
    } catch (PenstockException e) {
      return e.category() + " " + e.getMessage();
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
  }

  static String text(String file) throws IOException {
    return Files.readString(Path.of(URI.create(file)), StandardCharsets.UTF_8);
  }

  /** Must be refused by the session, with a message about syntax. */
  private @Nullable String refused(Manifest.Case test) throws IOException {
    try (TripleStore store = TripleStore.create(engine);
        SparqlResult result = new SparqlSession(store).execute(text(test.query()), test.query())) {
      return "accepted as " + result.kind();
    } catch (PenstockException e) {
      return e.code().equals("sparql-syntax") ? null : "refused with " + e.getMessage();
    }
  }

  private @Nullable String evaluate(Manifest.Case test) throws IOException {
    String text = text(test.query());
    try (StoreOfTests made = new StoreOfTests(engine)) {
      TripleStore store = made.store();
      for (String file : test.data()) {
        load(store, file, null);
      }
      for (String[] graph : test.named()) {
        load(store, graph[1], graph[0]);
      }
      Query query = QueryFactory.create(text, test.query(), Syntax.syntaxSPARQL_11);
      if (test.data().isEmpty() && test.named().isEmpty()) {
        for (String graph : query.getGraphURIs()) {
          load(store, graph, graph);
        }
        for (String graph : query.getNamedGraphURIs()) {
          load(store, graph, graph);
        }
      }
      String expected = test.result();
      if (expected == null) {
        return "the manifest gives no result";
      }
      SparqlSession session = new SparqlSession(store);
      String wrong = evaluate(session.withoutLookUps(), test, query, text, expected);
      return wrong != null ? wrong : evaluate(session, test, query, text, expected);
    }
  }

  private static @Nullable String evaluate(
      SparqlSession session, Manifest.Case test, Query query, String text, String expected)
      throws IOException {
    try (SparqlResult result = session.execute(text, test.query())) {
      return test.type().equals("CSVResultFormatTest")
          ? sameCsv(result, expected)
          : same(query, result, expected);
    }
  }

  private static void load(TripleStore store, String file, @Nullable String graph)
      throws IOException {
    Lang lang = RDFLanguages.filenameToLang(file);
    try (InputStream in = Files.newInputStream(Path.of(URI.create(file)))) {
      store.load(in, lang, file, file, graph);
    }
  }

  private static @Nullable String same(Query query, SparqlResult result, String file) {
    switch (result.kind()) {
      case ASK -> {
        boolean expected = answer(file);
        return expected == result.answer() ? null : "expected " + expected;
      }
      case SELECT -> {
        ResultSetRewindable expected = solutions(file);
        ResultSetRewindable actual = reread(result);
        boolean equal =
            query.hasOrderBy()
                ? ResultSetCompare.equalsByTermAndOrder(expected, actual)
                : ResultSetCompare.equalsByTerm(expected, actual);
        expected.reset();
        actual.reset();
        // a number may be written in several ways; the manifests have "6"^^xsd:double
        equal |=
            query.hasOrderBy()
                ? ResultSetCompare.equalsByValueAndOrder(expected, actual)
                : ResultSetCompare.equalsByValue(expected, actual);
        expected.reset();
        actual.reset();
        equal |= isReduced(query) && isWithin(actual, expected);
        expected.reset();
        actual.reset();
        return equal ? null : "expected\n" + shown(expected) + "got\n" + shown(actual);
      }
      default -> {
        Graph expected = RDFDataMgr.loadGraph(file);
        Graph actual = result.graph();
        return expected.isIsomorphicWith(actual)
            ? null
            : "expected " + expected + ", got " + actual;
      }
    }
  }

  private static boolean isReduced(Query query) {
    return query.isReduced();
  }

  /** REDUCED: the expected solutions, each at least once and at most as often. */
  private static boolean isWithin(ResultSetRewindable actual, ResultSetRewindable expected) {
    java.util.Map<String, Integer> all = counts(expected);
    java.util.Map<String, Integer> some = counts(actual);
    return all.keySet().equals(some.keySet())
        && some.entrySet().stream().allMatch(e -> e.getValue() <= all.get(e.getKey()));
  }

  private static java.util.Map<String, Integer> counts(ResultSetRewindable rows) {
    java.util.Map<String, Integer> out = new java.util.HashMap<>();
    while (rows.hasNext()) {
      out.merge(String.valueOf(rows.nextBinding()), 1, Integer::sum);
    }
    return out;
  }

  private static String shown(ResultSetRewindable rows) {
    StringBuilder out = new StringBuilder(String.valueOf(rows.getResultVars())).append('\n');
    for (int i = 0; rows.hasNext() && i < 20; i++) {
      out.append("  ").append(rows.nextBinding()).append('\n');
    }
    return out.toString();
  }

  /** The solutions as a client gets them. */
  private static ResultSetRewindable reread(SparqlResult result) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ResultFormat.JSON.write(result, out);
    return ResultSetMgr.read(new ByteArrayInputStream(out.toByteArray()), ResultSetLang.RS_JSON)
        .rewindable();
  }

  private static ResultSetRewindable solutions(String file) {
    SPARQLResult all = ResultSetFactory.result(file);
    return all.isModel() || all.isDataset()
        ? ResultSetFactory.makeRewindable(RDFDataMgr.loadModel(file))
        : all.getResultSet().rewindable();
  }

  private static boolean answer(String file) {
    SPARQLResult all = ResultSetFactory.result(file);
    return all.isModel() || all.isDataset()
        ? RDFDataMgr.loadModel(file)
            .listStatements(null, ResultSetGraphVocab.p_boolean, (RDFNode) null)
            .next()
            .getBoolean()
        : all.getBooleanResult();
  }

  private static @Nullable String sameCsv(SparqlResult result, String file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    (file.endsWith(".tsv") ? ResultFormat.TSV : ResultFormat.CSV).write(result, out);
    java.util.List<String> expected = lines(text(file));
    java.util.List<String> actual = lines(out.toString(StandardCharsets.UTF_8));
    return expected.equals(actual) ? null : "expected " + expected + ", got " + actual;
  }

  private static java.util.List<String> lines(String text) {
    return text.lines().map(l -> l.replaceAll("_:[A-Za-z0-9]+", "_:b")).sorted().toList();
  }
}
