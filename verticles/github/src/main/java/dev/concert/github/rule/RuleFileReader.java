package dev.concert.github.rule;

import dev.concert.github.api.RepositoryName;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads {@code .github/concert.yml}. Anybody who can write the repository may have written it, so
 * it is small, flat, and makes no objects.
 */
public final class RuleFileReader {
  /** Where it is in a repository. */
  public static final String PATH = ".github/concert.yml";

  /** Characters of a file. */
  public static final int LONGEST = 65_536;

  private static final int DEEPEST = 8;
  private static final int MOST_FAULTS = 20;
  private static final int LONGEST_CHECK = 1800;
  private static final int USUAL_CHECK = 600;
  private static final int MOST_SUBMODULES = 10;
  private static final Set<String> TERMS =
      Set.of("agent", "setup", "checks", "permissions", "people", "lfs", "submodules");
  private static final Set<String> FILE = with(TERMS, "rules");
  private static final Set<String> RULE =
      with(TERMS, "name", "event", "action", "filter", "prompt");
  private static final Set<String> FILTER = Set.of("label", "sender", "base", "title", "text");
  private static final Set<String> CHECK = Set.of("name", "run", "seconds");

  /** Events that a rule can be for, and their actions. */
  private static final Map<String, Set<String>> EVENTS =
      Map.of(
          "issues", Set.of("opened", "reopened", "assigned", "labeled"),
          "issue_comment", Set.of("created"),
          "pull_request",
              Set.of("opened", "reopened", "synchronize", "ready_for_review", "review_requested"),
          "pull_request_review", Set.of("submitted"),
          "pull_request_review_comment", Set.of("created"));

  private final List<RuleFault> faults = new ArrayList<>();

  private RuleFileReader() {}

  private static Set<String> with(Set<String> some, String... more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  /** What a file says, or what is wrong with it. Does not fail. */
  public static RuleFile read(String text) {
    return new RuleFileReader().file(text);
  }

  private RuleFile file(String text) {
    RuleFile read = text.length() > LONGEST ? tooLong() : root(text);
    return faults.isEmpty()
        ? read
        : RuleFile.faulty(List.copyOf(faults.subList(0, Math.min(MOST_FAULTS, faults.size()))));
  }

  private RuleFile tooLong() {
    faults.add(new RuleFault(1, "The file has more than %d characters.".formatted(LONGEST)));
    return RuleFile.NONE;
  }

  private RuleFile root(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(DEEPEST);
    options.setMaxAliasesForCollections(0);
    options.setCodePointLimit(LONGEST);
    try {
      for (Event event : new Yaml(options).parse(new StringReader(text))) {
        if (event instanceof AliasEvent) {
          faults.add(
              new RuleFault(
                  event.getStartMark().getLine() + 1,
                  "Aliases are not supported. Write the value out."));
          return RuleFile.NONE;
        }
      }
      Node root = new Yaml(options).compose(new StringReader(text));
      return root == null ? RuleFile.NONE : file(new RuleNode("the file", root, faults));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      faults.add(new RuleFault(line, "This is not YAML: " + plain(e.getProblem()) + "."));
    } catch (YAMLException e) {
      faults.add(new RuleFault(1, "This is not YAML that Concert reads. It may be too deep."));
    }
    return RuleFile.NONE;
  }

  private static String plain(String problem) {
    return problem == null ? "it cannot be read" : problem.replaceAll("[`\\r\\n@<>]", "'");
  }

  private RuleFile file(RuleNode root) {
    Map<String, RuleNode> entries = root.entries(FILE);
    RuleTerms terms = terms(entries);
    List<WorkRule> rules = new ArrayList<>();
    Optional.ofNullable(entries.get("rules"))
        .ifPresent(list -> list.list().forEach(one -> rule(one, terms).ifPresent(rules::add)));
    return new RuleFile(terms, List.copyOf(rules), List.of());
  }

  private Optional<WorkRule> rule(RuleNode node, RuleTerms ofFile) {
    Map<String, RuleNode> entries = node.entries(RULE);
    if (!entries.containsKey("event")) {
      node.fault("A rule needs the key `event`. Known events: " + names(EVENTS.keySet()) + ".");
      return Optional.empty();
    }
    Optional<String> event = entries.get("event").oneOf(EVENTS.keySet());
    if (event.isEmpty()) {
      return Optional.empty();
    }
    Set<String> known = EVENTS.get(event.get());
    Set<String> actions = new HashSet<>();
    Optional.ofNullable(entries.get("action"))
        .ifPresent(list -> list.list().forEach(one -> one.oneOf(known).ifPresent(actions::add)));
    String name = name(entries).orElse(event.get());
    Optional<String> prompt = text(entries, "prompt");
    return Optional.of(
        new WorkRule(
            name,
            event.get(),
            actions.isEmpty() ? known : Set.copyOf(actions),
            filter(entries),
            prompt,
            ofFile
                .with(terms(entries))
                .by(new RuleSource(name, node.lineNumber(), prompt.orElse("")))));
  }

  private static String names(Set<String> all) {
    return String.join(", ", all.stream().sorted().toList());
  }

  private static RuleFilter filter(Map<String, RuleNode> of) {
    if (!of.containsKey("filter")) {
      return RuleFilter.NONE;
    }
    Map<String, RuleNode> entries = of.get("filter").entries(FILTER);
    return new RuleFilter(
        texts(entries, "label"),
        texts(entries, "sender"),
        texts(entries, "base"),
        texts(entries, "title"),
        texts(entries, "text"));
  }

  private static RuleTerms terms(Map<String, RuleNode> entries) {
    List<RuleCheck> checks = new ArrayList<>();
    Optional.ofNullable(entries.get("checks"))
        .ifPresent(list -> list.list().forEach(one -> check(one).ifPresent(checks::add)));
    RulePermission permission =
        Optional.ofNullable(entries.get("permissions"))
            .flatMap(node -> node.oneOf(Set.of("allow", "deny", "read")))
            .map(name -> RulePermission.valueOf(name.toUpperCase(Locale.ROOT)))
            .orElse(RulePermission.ALLOW);
    return new RuleTerms(
        text(entries, "agent"),
        texts(entries, "setup"),
        List.copyOf(checks),
        permission,
        texts(entries, "people"),
        Optional.ofNullable(entries.get("lfs"))
            .flatMap(node -> node.oneOf(Set.of("true", "false")))
            .filter("true"::equals)
            .isPresent(),
        submodules(entries),
        Optional.empty());
  }

  /** Each is asked for by name when git wants something, so they are few. */
  private static List<String> submodules(Map<String, RuleNode> entries) {
    List<String> names = texts(entries, "submodules");
    boolean isRight =
        names.size() <= MOST_SUBMODULES && names.stream().allMatch(RepositoryName::isPart);
    if (!isRight) {
      entries
          .get("submodules")
          .fault(
              "`submodules` must be at most %d names of repositories, without their owner."
                  .formatted(MOST_SUBMODULES));
    }
    return isRight ? names : List.of();
  }

  private static Optional<RuleCheck> check(RuleNode node) {
    Map<String, RuleNode> entries = node.entries(CHECK);
    if (!entries.containsKey("run")) {
      node.fault("A check needs the key `run`, a command. Known keys: " + names(CHECK) + ".");
      return Optional.empty();
    }
    int seconds =
        Optional.ofNullable(entries.get("seconds"))
            .flatMap(number -> number.number(1, LONGEST_CHECK))
            .orElse(USUAL_CHECK);
    return text(entries, "run").map(run -> new RuleCheck(name(entries).orElse(run), run, seconds));
  }

  private static Optional<String> name(Map<String, RuleNode> entries) {
    return Optional.ofNullable(entries.get("name")).flatMap(RuleNode::line);
  }

  private static Optional<String> text(Map<String, RuleNode> entries, String key) {
    return Optional.ofNullable(entries.get(key)).flatMap(RuleNode::text);
  }

  private static List<String> texts(Map<String, RuleNode> entries, String key) {
    return Optional.ofNullable(entries.get(key)).map(RuleNode::texts).orElse(List.of());
  }
}
