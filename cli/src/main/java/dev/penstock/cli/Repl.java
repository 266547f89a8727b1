package dev.penstock.cli;

import dev.penstock.compiler.Engine;

/** The interactive loop. */
final class Repl {
  private Repl() {}

  static int run(Engine engine) {
    throw dev.penstock.monitor.PenstockException.unsupported("repl", "the repl is not here yet");
  }
}
