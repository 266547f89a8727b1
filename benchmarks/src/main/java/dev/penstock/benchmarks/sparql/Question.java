package dev.penstock.benchmarks.sparql;

import java.util.List;

/**
 * A query of the bench.
 *
 * @param name of the case
 * @param isLookUp few triples are touched; else many
 * @param text with {@code {product}} and {@code {person}} where a number is put
 */
record Question(String name, boolean isLookUp, String text) {
  private static final String PREFIX = "PREFIX : <" + Market.NAMES + ">\n";

  static final List<Question> ALL =
      List.of(
          lookUp("point", "SELECT ?l { :product{product} :label ?l }"),
          lookUp(
              "star",
              "SELECT ?l ?m ?t ?x ?y { :product{product} :label ?l ; :producer ?m ; :type ?t ;"
                  + " :size ?x ; :weight ?y }"),
          lookUp(
              "offers",
              "SELECT ?o ?p ?c { ?o :product :product{product} ; :price ?p ; :vendor ?v ."
                  + " ?v :country ?c FILTER(?p > 10) }"),
          lookUp(
              "reviews",
              "SELECT ?r ?g ?n { ?r :reviewOf :product{product} ; :rating ?g ; :reviewer ?w"
                  + " OPTIONAL { ?w :name ?n } }"),
          lookUp(
              "friends", "SELECT DISTINCT ?n { :person{person} :knows/:knows ?f . ?f :name ?n }"),
          lookUp("types", "SELECT ?t { :product{product} :type/:subTypeOf* ?t }"),
          analytic("predicates", "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"),
          analytic(
              "wide star",
              "SELECT (COUNT(*) AS ?n) { ?p :type ?t ; :producer ?m ; :size ?x ; :weight ?y"
                  + " FILTER(?x > 500 && ?y < 300) }"),
          analytic(
              "prices by country",
              "SELECT ?c (AVG(?p) AS ?a) (COUNT(*) AS ?n) { ?o :vendor ?v ; :price ?p ."
                  + " ?v :country ?c } GROUP BY ?c"),
          analytic(
              "chain",
              "SELECT ?c (COUNT(*) AS ?n) (MAX(?g) AS ?best) { ?r :reviewOf ?p ; :reviewer ?w ;"
                  + " :rating ?g . ?w :country ?c . ?p :producer ?m . ?m :country ?c } GROUP BY ?c"),
          analytic(
              "circles", "SELECT (COUNT(*) AS ?n) { ?a :knows ?b . ?b :knows ?c . ?c :knows ?a }"),
          analytic(
              "optional",
              "SELECT (COUNT(?p) AS ?n) (COUNT(?r) AS ?m) { ?p :label ?l"
                  + " OPTIONAL { ?r :reviewOf ?p ; :rating ?g FILTER(?g >= 9) } }"),
          analytic(
              "top",
              "SELECT ?o ?p { ?o :price ?p ; :days ?d FILTER(?d < 3) } ORDER BY DESC(?p) ?o LIMIT 10"),
          analytic(
              "not exists",
              "SELECT (COUNT(*) AS ?n) { ?p :label ?l FILTER NOT EXISTS { ?r :reviewOf ?p } }"),
          analytic(
              "distinct",
              "SELECT ?t (COUNT(DISTINCT ?f) AS ?n) { ?p :type ?t ; :feature ?f } GROUP BY ?t"),
          analytic(
              "path",
              "SELECT ?t (COUNT(*) AS ?n) { ?p :type ?leaf . ?leaf :subTypeOf+ ?t } GROUP BY ?t"),
          analytic(
              "texts",
              "SELECT (COUNT(*) AS ?n) { ?p :label ?l FILTER(CONTAINS(?l, \"series 77\")) }"),
          analytic(
              "dates",
              "SELECT ?v (MIN(?p) AS ?low) { ?o :until ?u ; :vendor ?v ; :price ?p"
                  + " FILTER(?u >= \"2026-12-01\"^^<http://www.w3.org/2001/XMLSchema#date>) }"
                  + " GROUP BY ?v"));

  private static Question lookUp(String name, String text) {
    return new Question(name, true, PREFIX + text);
  }

  private static Question analytic(String name, String text) {
    return new Question(name, false, PREFIX + text);
  }

  /** The i-th text; an analytic one is always the same. */
  String text(int i, int products, int people) {
    return text.replace("{product}", Long.toString(i * 7919L % products))
        .replace("{person}", Long.toString(i * 7919L % people));
  }
}
