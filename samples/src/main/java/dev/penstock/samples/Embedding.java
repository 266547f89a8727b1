package dev.penstock.samples;

import static dev.penstock.compiler.Plan.as;
import static dev.penstock.compiler.Plan.call;
import static dev.penstock.compiler.Plan.col;
import static dev.penstock.compiler.Plan.desc;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Plan;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Penstock inside a Java program: an engine, a plan as text, a plan built in Java, a result in
 * batches, a table of the host's own rows, and what a mistake looks like.
 */
public final class Embedding {
  private Embedding() {}

  /**
   * @param args the folder of the sample data; the default is that of this repository, seen from
   *     its root
   */
  public static void main(String[] args) {
    run(Path.of(args.length == 0 ? "samples" : args[0]), System.out);
  }

  /** Prints what the queries give. */
  static void run(Path data, PrintStream out) {
    // One engine for the whole program. It owns the threads and the memory of all queries.
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(2)
            .withMemoryBytes(64L << 20)
            .withBaseDirectory(data, true);
    try (Engine engine = Engine.create(options)) {
      adults(engine, out);
      pay(engine, out);
      mistake(engine, out);
    }
  }

  /** A plan as text, its result row by row. */
  private static void adults(Engine engine, PrintStream out) {
    String plan =
        """
        (sort+ [Name]
          (project+ [Name DeptName]
            (filter+ (> Age 20)
              (join+ (table+ "people/empl.csv")
                     (table+ "people/dept.csv")))))
        """;
    try (Result result = engine.run(plan)) {
      for (Object[] row : result.rows()) {
        out.println(row[0] + " works in " + row[1]);
      }
    }
  }

  /** A plan built in Java, over a file and rows of this program; its result batch by batch. */
  private static void pay(Engine engine, PrintStream out) {
    Plan rates =
        Plan.values(
            List.of("DeptID", "Rate"),
            List.of(List.of(1, 52.5), List.of(2, 40.0), List.of(3, 45.0)));
    Plan plan =
        Plan.table("people/empl.csv", "Name", "DeptID")
            .join("inner", List.of("DeptID"), rates)
            .group(
                List.of("DeptID"),
                as("People", call("count")),
                as("Cost", call("sum", col("Rate"))))
            .sort(desc("Cost"));
    // Prepared once, it can be run many times.
    Prepared prepared = engine.prepare((Object) plan);
    out.println(
        "columns: "
            + prepared.schema().fields().stream().map(f -> f.name() + " " + f.type()).toList());
    try (Result result = engine.run(prepared)) {
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        for (int i = 0; i < batch.count(); i++) {
          out.println(List.of(batch.row(i)));
        }
      }
    }
  }

  /** Errors are one exception type, with one line for a person. */
  private static void mistake(Engine engine, PrintStream out) {
    try {
      engine.prepare("(filter+ (> Agee 20) (table+ \"people/empl.csv\"))", "question");
    } catch (PenstockException e) {
      out.println(e.category() + " " + e.code() + ": " + e.getMessage());
    }
  }
}
