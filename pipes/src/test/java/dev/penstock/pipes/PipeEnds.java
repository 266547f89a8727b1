package dev.penstock.pipes;

/** The two ends under test: of one pipe, or with a mux or a tee between them. */
public record PipeEnds<T>(Feed<T> feed, Tap<T> tap) {
  public static <T> PipeEnds<T> of(Pipe<T> pipe) {
    return new PipeEnds<>(pipe, pipe);
  }
}
