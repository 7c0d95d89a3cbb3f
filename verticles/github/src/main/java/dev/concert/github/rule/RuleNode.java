package dev.concert.github.rule;

import dev.concert.text.OneLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A value of the file. What is wrong with it goes to the faults, and then there is nothing to read.
 *
 * @param name by which people know it
 */
record RuleNode(String name, Node node, List<RuleFault> faults) {
  private static final int LONGEST_TEXT = 10_000;
  private static final int MOST = 50;

  Optional<String> fault(String sentence) {
    faults.add(new RuleFault(lineNumber(), sentence));
    return Optional.empty();
  }

  /** The line at which it begins. */
  int lineNumber() {
    return node.getStartMark().getLine() + 1;
  }

  /** The values of a mapping by their keys, each of which has to be known. */
  Map<String, RuleNode> entries(Set<String> known) {
    Map<String, RuleNode> entries = new LinkedHashMap<>();
    String keys = String.join(", ", new TreeSet<>(known));
    if (!(node instanceof MappingNode mapping)) {
      fault("`%s` must be a mapping. Known keys: %s.".formatted(name, keys));
      return entries;
    }
    for (NodeTuple entry : mapping.getValue()) {
      RuleNode key = new RuleNode(name, entry.getKeyNode(), faults);
      String text = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (!known.contains(text)) {
        key.fault("The key `%s` is not known. Known keys here: %s.".formatted(shown(text), keys));
      } else if (entries.putIfAbsent(text, new RuleNode(text, entry.getValueNode(), faults))
          != null) {
        key.fault("The key `%s` stands twice. Remove one of them.".formatted(text));
      }
    }
    return entries;
  }

  /** What a person wrote, so that it cannot leave its place in a comment. */
  private static String shown(String text) {
    String one = text.replaceAll("[^A-Za-z0-9_ .-]", "?");
    return one.substring(0, Math.min(40, one.length()));
  }

  /** The values of a list; a single one is a list, too. */
  List<RuleNode> list() {
    if (!(node instanceof SequenceNode sequence)) {
      return List.of(this);
    }
    if (sequence.getValue().size() > MOST) {
      fault("`%s` has more than %d entries.".formatted(name, MOST));
      return List.of();
    }
    return sequence.getValue().stream().map(one -> new RuleNode(name, one, faults)).toList();
  }

  Optional<String> text() {
    String text = node instanceof ScalarNode scalar ? scalar.getValue().strip() : "";
    return text.isEmpty() || text.length() > LONGEST_TEXT || text.indexOf('\0') >= 0
        ? fault("`%s` must be a text of 1 to %d characters.".formatted(name, LONGEST_TEXT))
        : Optional.of(text);
  }

  /** A text that people see as a name. */
  Optional<String> line() {
    return text()
        .flatMap(
            text ->
                OneLine.isOne(text)
                    ? Optional.of(text)
                    : fault("`%s` %s.".formatted(name, OneLine.RULE)));
  }

  List<String> texts() {
    List<String> texts = new ArrayList<>();
    list().forEach(one -> one.text().ifPresent(texts::add));
    return texts;
  }

  /** A text that is one of these. */
  Optional<String> oneOf(Set<String> known) {
    return text()
        .flatMap(
            text ->
                known.contains(text.toLowerCase(Locale.ROOT))
                    ? Optional.of(text.toLowerCase(Locale.ROOT))
                    : fault(
                        "`%s` cannot be `%s`. It can be: %s."
                            .formatted(
                                name, shown(text), String.join(", ", new TreeSet<>(known)))));
  }

  Optional<Integer> number(int least, int most) {
    String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
    if (text.matches("\\d{1,9}")
        && Integer.parseInt(text) >= least
        && Integer.parseInt(text) <= most) {
      return Optional.of(Integer.parseInt(text));
    }
    fault("`%s` must be a number from %d to %d.".formatted(name, least, most));
    return Optional.empty();
  }
}
