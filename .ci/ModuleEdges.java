import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Checks the edges between the modules: {@code java .ci/ModuleEdges.java ROOT}.
 *
 * <p>Laws: the root pom lists the modules in the order of {@link #ALLOWED}; a compile edge is one
 * that the table allows; a test edge leads to a module above; {@code plan-dsl} has no edge at all;
 * a source file lives in its module's package and names only packages that its module may reach.
 * Each broken law is one line; exit code 1 when there is one.
 */
final class ModuleEdges {
  private static final List<String> TO_NODES = List.of("monitor", "batch", "pipes", "buffer");
  private static final Map<String, List<String>> ALLOWED = new LinkedHashMap<>();

  static {
    ALLOWED.put("monitor", List.of());
    ALLOWED.put("batch", List.of("monitor"));
    ALLOWED.put("pipes", List.of("monitor"));
    ALLOWED.put("buffer", List.of("monitor", "batch", "pipes"));
    ALLOWED.put("nodes", TO_NODES);
    ALLOWED.put("sources", plus(TO_NODES, "nodes"));
    ALLOWED.put("plan-dsl", List.of());
    ALLOWED.put("compiler", plus(TO_NODES, "nodes", "sources", "plan-dsl"));
    ALLOWED.put("sql-bridge", plus(TO_NODES, "nodes", "sources", "plan-dsl", "compiler"));
    ALLOWED.put("sparql-bridge", plus(TO_NODES, "nodes", "sources", "plan-dsl", "compiler"));
    ALLOWED.put("server", everythingSoFar());
    ALLOWED.put("cli", everythingSoFar());
    ALLOWED.put("samples", everythingSoFar());
    ALLOWED.put("benchmarks", everythingSoFar());
  }

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package\\s+([\\w.]+)");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import\\s+(?:static\\s+)?dev\\.penstock\\.(\\w+)[.;]");
  private static final Pattern CLOJURE_NAME =
      Pattern.compile("(?m)^[^;\"]*?[(\\[]dev\\.penstock\\.([\\w-]+)");

  private final Path root;
  private final List<String> broken = new ArrayList<>();

  private ModuleEdges(Path root) {
    this.root = root;
  }

  public static void main(String[] args) throws Exception {
    ModuleEdges edges = new ModuleEdges(Path.of(args[0]));
    edges.check();
    edges.broken.forEach(line -> System.err.println("[module edges] " + line));
    if (!edges.broken.isEmpty()) {
      System.exit(1);
    }
  }

  private void check() throws Exception {
    List<String> modules = texts(parse(root.resolve("pom.xml")), "modules", "module");
    List<String> expected = List.copyOf(ALLOWED.keySet());
    if (!modules.equals(expected)) {
      broken.add("pom.xml lists the modules " + modules + ", the order is " + expected);
      return;
    }
    for (String module : modules) {
      checkPom(module);
      checkFiles(module, "src/main", new TreeSet<>(ALLOWED.get(module)));
      checkFiles(module, "src/test", above(module));
    }
  }

  private void checkPom(String module) throws Exception {
    Element project = parse(root.resolve(module).resolve("pom.xml"));
    for (Element dependency : children(child(project, "dependencies"), "dependency")) {
      String target = text(dependency, "artifactId");
      if (!"dev.penstock".equals(text(dependency, "groupId"))) {
        continue;
      }
      boolean test = "test".equals(text(dependency, "scope"));
      Set<String> allowed = test ? above(module) : new TreeSet<>(ALLOWED.get(module));
      if (!allowed.contains(target)) {
        broken.add(wrong(module + "/pom.xml", module, target, allowed));
      }
    }
  }

  private void checkFiles(String module, String folder, Set<String> allowed) {
    Path start = root.resolve(module).resolve(folder);
    if (!Files.isDirectory(start)) {
      return;
    }
    try (Stream<Path> files = Files.walk(start)) {
      files.sorted().forEach(file -> checkFile(module, file, allowed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkFile(String module, Path file, Set<String> allowed) {
    String name = file.toString();
    if (name.endsWith(".java")) {
      String text = read(file);
      Matcher declared = PACKAGE.matcher(text);
      String own = "dev.penstock." + packageOf(module);
      if (declared.find() && !(declared.group(1) + ".").startsWith(own + ".")) {
        broken.add(
            root.relativize(file) + ": package " + declared.group(1) + " is not below " + own);
      }
      checkNames(module, file, IMPORT.matcher(text), allowed);
    } else if (name.endsWith(".clj") || name.endsWith(".cljc")) {
      checkNames(module, file, CLOJURE_NAME.matcher(read(file)), allowed);
    }
  }

  private void checkNames(String module, Path file, Matcher names, Set<String> allowed) {
    Set<String> seen = new TreeSet<>();
    while (names.find()) {
      seen.add(names.group(1));
    }
    seen.remove(packageOf(module));
    for (String target : seen) {
      if (allowed.stream().noneMatch(a -> packageOf(a).equals(target))) {
        broken.add(wrong(root.relativize(file).toString(), module, target, allowed));
      }
    }
  }

  private static String wrong(String where, String from, String to, Set<String> allowed) {
    return where
        + ": "
        + from
        + " -> "
        + to
        + " is not allowed; "
        + from
        + " may depend on "
        + (allowed.isEmpty() ? "no module" : String.join(", ", allowed));
  }

  /** What a module's tests may reach: all that stands above it; plan-dsl reaches nothing. */
  private static Set<String> above(String module) {
    Set<String> above = new TreeSet<>();
    if (module.equals("plan-dsl")) {
      return above;
    }
    for (String other : ALLOWED.keySet()) {
      if (other.equals(module)) {
        return above;
      }
      above.add(other);
    }
    return above;
  }

  private static String packageOf(String module) {
    return switch (module) {
      case "plan-dsl" -> "plan";
      case "sql-bridge" -> "sql";
      case "sparql-bridge" -> "sparql";
      default -> module;
    };
  }

  private static List<String> everythingSoFar() {
    return List.copyOf(ALLOWED.keySet());
  }

  private static List<String> plus(List<String> some, String... more) {
    return Stream.concat(some.stream(), Stream.of(more)).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Element parse(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(pom.toFile())
        .getDocumentElement();
  }

  private static List<String> texts(Element project, String list, String item) {
    return children(child(project, list), item).stream()
        .map(element -> element.getTextContent().strip())
        .toList();
  }

  private static String text(Element parent, String name) {
    Element child = child(parent, name);
    return child == null ? "" : child.getTextContent().strip();
  }

  private static Element child(Element parent, String name) {
    List<Element> found = children(parent, name);
    return found.isEmpty() ? null : found.get(0);
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    if (parent != null) {
      for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
        if (n instanceof Element element && element.getTagName().equals(name)) {
          found.add(element);
        }
      }
    }
    return found;
  }
}
