package dev.penstock.cli;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.ResultFormat;
import dev.penstock.sparql.SparqlQuery;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.store.TripleStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code penstock sparql}. */
@Command(
    name = "sparql",
    description = {
      "Load RDF into memory or into a store on disk, run a SPARQL query over it, and write the"
          + " result.",
      "--data is a file (.ttl .nt .nq .trig .rdf .jsonld, also .gz), or a folder of such files."
    })
final class SparqlCommand implements Callable<Integer> {
  @ParentCommand private Commands parent;
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "More files of RDF.")
  private @Nullable List<Path> files;

  @Option(
      names = {"-q", "--query"},
      paramLabel = "SPARQL",
      description = "The query; without -q and -f it comes from standard input.")
  private @Nullable String text;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A file with the query.")
  private @Nullable String file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "table, csv, tsv, json or xml of solutions; turtle, ntriples, json or xml of triples;"
              + " default: table on a terminal, else csv or turtle.")
  private @Nullable String format;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "A store of triples on disk, instead of data in memory.")
  private @Nullable Path folder;

  @Option(
      names = "--load",
      paramLabel = "FILE",
      description =
          "A file to add to the store first (again for more): all or nothing. Without -q and -f"
              + " nothing else is done.")
  private @Nullable List<Path> loads;

  @Option(
      names = "--skip-bad",
      description = "Leave lines of .nt and .nq out that cannot be read, and say how many.")
  private boolean skipBad;

  @Option(names = "--explain", description = "Print what becomes of the query; it does not run.")
  private boolean explain;

  @Override
  public Integer call() {
    EngineFlags flags = parent.engineOf(spec);
    Streams streams = parent.streams();
    if (text != null && file != null) {
      throw new ParameterException(spec.commandLine(), "expected --query or --file, got both");
    }
    List<Path> data = data(flags);
    boolean onlyLoads = text == null && file == null && loads != null && folder != null;
    String query =
        text != null
            ? text
            : file != null
                ? TextFile.read(file, "SPARQL")
                : onlyLoads ? "" : TextFile.ofStdin(streams.in(), "SPARQL");
    try (Engine engine = flags.openWithoutData();
        Interrupts interrupts = new Interrupts(streams.err(), false);
        TripleStore store =
            folder == null ? TripleStore.create(engine) : TripleStore.open(engine, folder)) {
      try (LoadLine line = new LoadLine(streams)) {
        if (!data.isEmpty()) {
          line.load(store, data, skipBad, interrupts);
        }
      } catch (PenstockException e) {
        if (!interrupts.happened()) {
          throw e;
        }
        return ExitCode.CANCELLED;
      }
      if (onlyLoads) {
        return ExitCode.DONE;
      }
      SparqlSession session = new SparqlSession(store);
      if (explain) {
        streams.out().write(session.explain(query).getBytes(StandardCharsets.UTF_8));
        streams.out().flush();
        return ExitCode.DONE;
      }
      Query running = engine.queries().begin(QueryOptions.defaults().withText(query));
      interrupts.cancels(running.token());
      try (SparqlResult result = session.execute(() -> SparqlQuery.parse(query), running)) {
        chosen(result, streams).write(result, streams.out());
        streams.out().flush();
      } catch (PenstockException e) {
        if (!interrupts.happened()) {
          throw e;
        }
        return ExitCode.CANCELLED;
      }
    } catch (IOException e) {
      throw PenstockException.io("output-gone", "the output is closed: " + e.getMessage(), e);
    }
    return ExitCode.DONE;
  }

  private ResultFormat chosen(SparqlResult result, Streams streams) {
    if (format != null) {
      return ResultFormat.of(format);
    }
    boolean isGraph =
        result.kind() == SparqlResult.Kind.CONSTRUCT || result.kind() == SparqlResult.Kind.DESCRIBE;
    return isGraph
        ? ResultFormat.TURTLE
        : streams.outIsTerminal() ? ResultFormat.TABLE : ResultFormat.CSV;
  }

  private List<Path> data(EngineFlags flags) {
    Path data = flags.data();
    if (folder != null && (data != null || files != null)) {
      throw new ParameterException(
          spec.commandLine(), "a --store has its own data; --load FILE adds to it");
    }
    if (folder != null && loads == null && !TripleStore.isStore(folder)) {
      throw PenstockException.incorrect(
          "store-folder", "there is no store in " + folder + "; --load FILE makes one");
    }
    List<Path> out =
        new ArrayList<>(data == null || Files.isDirectory(data) ? RdfData.of(data) : List.of(data));
    if (files != null) {
      out.addAll(files);
    }
    if (loads != null) {
      out.addAll(loads);
    }
    return out;
  }
}
