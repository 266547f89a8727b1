package dev.penstock.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.rdf.model.Property;
import org.apache.jena.rdf.model.RDFList;
import org.apache.jena.rdf.model.RDFNode;
import org.apache.jena.rdf.model.Resource;
import org.apache.jena.rdf.model.ResourceFactory;
import org.apache.jena.rdf.model.Statement;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.vocabulary.RDFS;

/** Manifests of the W3C whose tests are requests of HTTP, one after another. */
final class HttpManifest {
  private static final String MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
  private static final String HT = "http://www.w3.org/2011/http#";
  private static final String CNT = "http://www.w3.org/2011/content#";
  private static final String UT = "http://www.w3.org/2009/sparql/tests/test-update#";

  /**
   * A request, and what is expected of the response.
   *
   * @param encoding of the body
   * @param statuses local names; one of them
   * @param answer of ASK; empty: none is expected
   * @param format boolean, tabular, RDF or empty
   * @param triples that the response holds; empty: none are expected
   */
  record Request(
      String method,
      String path,
      Map<String, String> headers,
      String body,
      String encoding,
      List<String> statuses,
      String answer,
      String format,
      String triples) {}

  /**
   * @param graphs files by the names of graphs
   */
  record Case(String id, Map<String, String> graphs, List<Request> requests) {}

  private HttpManifest() {}

  static List<Case> read(Path manifest) {
    return entries(manifest).stream()
        .filter(entry -> entry.hasProperty(mf("action")))
        .map(HttpManifest::test)
        .toList();
  }

  /** The tests of a manifest by name, requests or not. */
  static List<String> names(Path manifest) {
    return entries(manifest).stream().map(e -> e.getURI().replaceAll(".*#", "")).toList();
  }

  private static List<Resource> entries(Path manifest) {
    Model model = RDFDataMgr.loadModel(manifest.toUri().toString());
    List<Resource> out = new ArrayList<>();
    for (Statement s : model.listStatements(null, mf("entries"), (RDFNode) null).toList()) {
      s.getObject().as(RDFList.class).asJavaList().forEach(e -> out.add(e.asResource()));
    }
    return out;
  }

  private static Property mf(String name) {
    return ResourceFactory.createProperty(MF + name);
  }

  private static Property ht(String name) {
    return ResourceFactory.createProperty(HT + name);
  }

  private static Case test(Resource entry) {
    Map<String, String> graphs = new LinkedHashMap<>();
    entry
        .listProperties(ResourceFactory.createProperty(UT + "graphData"))
        .forEach(
            s ->
                graphs.put(
                    text(s.getResource(), RDFS.label),
                    s.getResource()
                        .getProperty(ResourceFactory.createProperty(UT + "graph"))
                        .getResource()
                        .getURI()));
    List<Request> requests = new ArrayList<>();
    Resource action = entry.getProperty(mf("action")).getResource();
    RDFNode list = action.getProperty(ht("requests")).getObject();
    list.as(RDFList.class).asJavaList().forEach(r -> requests.add(request(r.asResource())));
    return new Case(entry.getURI().replaceAll(".*#", ""), graphs, requests);
  }

  private static Request request(Resource r) {
    Resource response = r.getProperty(ht("resp")).getResource();
    List<String> statuses = new ArrayList<>();
    response
        .listProperties(mf("expectedStatus"))
        .forEach(s -> statuses.add(s.getResource().getURI().replaceAll(".*#", "")));
    String[] sent = body(r);
    return new Request(
        text(r, ht("methodName")),
        text(r, ht("absolutePath")),
        headers(r),
        sent[0],
        sent[1],
        statuses,
        text(response, mf("expectedBoolean")),
        text(response, mf("expectedFormat")),
        body(response)[0]);
  }

  private static Map<String, String> headers(Resource of) {
    Map<String, String> out = new LinkedHashMap<>();
    Statement list = of.getProperty(ht("headers"));
    if (list != null) {
      for (RDFNode header : list.getObject().as(RDFList.class).asJavaList()) {
        out.put(
            text(header.asResource(), ht("fieldName")),
            text(header.asResource(), ht("fieldValue")));
      }
    }
    return out;
  }

  /** Its characters and their encoding. */
  private static String[] body(Resource of) {
    Statement body = of.getProperty(ht("body"));
    return body == null
        ? new String[] {"", "UTF-8"}
        : new String[] {
          text(body.getResource(), ResourceFactory.createProperty(CNT + "chars")),
          text(body.getResource(), ResourceFactory.createProperty(CNT + "characterEncoding"))
        };
  }

  private static String text(Resource of, Property property) {
    Statement s = of.getProperty(property);
    return s == null ? "" : s.getLiteral().getLexicalForm();
  }
}
