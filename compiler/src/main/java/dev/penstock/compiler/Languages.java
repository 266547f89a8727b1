package dev.penstock.compiler;

import dev.penstock.batch.Field;
import dev.penstock.monitor.PenstockException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Other languages in which a part of a plan may be written: what {@code (sparql+ "...")} of a plan
 * and {@code sparql('...')} of SQL mean on this engine. Thread-safe.
 */
public final class Languages {
  /** From a text to a plan. */
  public interface Language {
    /**
     * What a text means now. Wrong texts are an error of category INCORRECT. Blocking. Called for
     * each plan in which the text stands.
     */
    Part part(String text);
  }

  /**
   * A part of a plan.
   *
   * @param form plan data, in which there may be objects of the host program
   * @param fields the columns that it gives
   */
  public record Part(Object form, List<Field> fields) {
    public Part {
      fields = List.copyOf(fields);
    }
  }

  private final ConcurrentMap<String, Language> known = new ConcurrentHashMap<>();

  /** Adds a language, in the place of one that had the name. */
  public void add(String name, Language language) {
    known.put(name, language);
  }

  /** Takes a language away, if the name still means it. */
  public void remove(String name, Language language) {
    known.remove(name, language);
  }

  /** What a text of a language means. Blocking. */
  public Part part(String name, String text) {
    return of(name).part(text);
  }

  /** The language of a name. Errors: UNSUPPORTED {@code unknown-language}. */
  public Language of(String name) {
    Language language = known.get(name);
    if (language == null) {
      throw PenstockException.unsupported(
          "unknown-language",
          "nothing is known here that answers queries of " + name + ": there are no triples");
    }
    return language;
  }
}
