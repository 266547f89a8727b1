package dev.penstock.benchmarks.scaling;

import dev.penstock.benchmarks.beside.Answer;
import dev.penstock.benchmarks.beside.DuckPeer;
import dev.penstock.benchmarks.beside.Peer;
import dev.penstock.benchmarks.beside.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that each run all queries on a session of their own; their answers are checked. */
final class Streams {
  private final List<String> queries;
  private final List<Answer> right = new ArrayList<>();

  /** The answers are those of DuckDB. */
  Streams(List<String> queries, DuckPeer duck) throws Exception {
    this.queries = queries;
    for (String sql : queries) {
      right.add(duck.answer(sql));
    }
  }

  /** Opens a session. */
  interface Opened {
    Peer session() throws Exception;
  }

  /** So many streams begin together, each with another query. */
  double queriesPerSecond(int streams, Opened opened) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(streams);
    try {
      CountDownLatch begin = new CountDownLatch(1);
      List<Future<Void>> running = new ArrayList<>();
      for (int s = 0; s < streams; s++) {
        Peer session = opened.session();
        int from = s * queries.size() / streams;
        Callable<Void> stream =
            () -> {
              begin.await();
              try (session) {
                run(session, from);
              }
              return null;
            };
        running.add(threads.submit(stream));
      }
      long start = System.nanoTime();
      begin.countDown();
      for (Future<Void> stream : running) {
        stream.get();
      }
      return streams * queries.size() / ((System.nanoTime() - start) / 1e9);
    } finally {
      threads.shutdownNow();
    }
  }

  private void run(Peer session, int from) throws Exception {
    for (int i = 0; i < queries.size(); i++) {
      int q = (from + i) % queries.size();
      Answer answer = session.answer(queries.get(q));
      if (!session.name().equals("duckdb")) {
        Rounds.checkSame("query " + (q + 1), answer, right.get(q), "duckdb", true);
      }
    }
  }
}
