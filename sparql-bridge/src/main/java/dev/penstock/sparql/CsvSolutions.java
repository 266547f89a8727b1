package dev.penstock.sparql;

import dev.penstock.monitor.PenstockException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.graph.Node;
import org.jspecify.annotations.Nullable;

/**
 * Writes solutions as the CSV of SPARQL: IRIs and lexical forms as they are, blank nodes as {@code
 * _:b0}, nothing for what is unbound.
 */
final class CsvSolutions {
  private final Writer out;
  private final Map<Node, String> blanks = new HashMap<>();

  CsvSolutions(OutputStream out) {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  void write(SparqlResult result) {
    try {
      line(result.variables());
      for (List<@Nullable Node> row = result.next(); row != null; row = result.next()) {
        line(row.stream().map(this::text).toList());
      }
      out.flush();
    } catch (IOException e) {
      throw PenstockException.io("output-gone", "the output is closed: " + e.getMessage(), e);
    }
  }

  private String text(@Nullable Node term) {
    if (term == null) {
      return "";
    }
    if (term.isBlank()) {
      return blanks.computeIfAbsent(term, t -> "_:b" + blanks.size());
    }
    return term.isURI()
        ? term.getURI()
        : term.isLiteral() ? term.getLiteralLexicalForm() : "" + term;
  }

  private void line(List<String> fields) throws IOException {
    for (int i = 0; i < fields.size(); i++) {
      out.write(i == 0 ? "" : ",");
      String field = fields.get(i);
      boolean quote = field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      out.write(quote ? '"' + field.replace("\"", "\"\"") + '"' : field);
    }
    out.write("\r\n");
  }
}
