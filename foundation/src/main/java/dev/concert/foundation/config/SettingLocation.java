package dev.concert.foundation.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Finds the line of a setting in a YAML file. */
final class SettingLocation {
  /** A name, or an index of a list. */
  private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|([^.\\[]+)");

  private SettingLocation() {}

  /**
   * The line, from 1, of a setting such as {@code ensemble.providers[0].name}, or of its nearest
   * parent in the file; empty when the file has neither, or cannot be read. Blocking.
   */
  static OptionalInt line(Path file, String setting) {
    try {
      Node root = new Yaml().compose(new StringReader(Files.readString(file)));
      return root == null ? OptionalInt.empty() : line(root, STEP.matcher(setting));
    } catch (IOException | YAMLException e) {
      // The reader of the file has reported it.
      return OptionalInt.empty();
    }
  }

  private static OptionalInt line(Node root, Matcher steps) {
    OptionalInt line = OptionalInt.empty();
    Node part = root;
    while (part != null && steps.find()) {
      Node next = null;
      if (part instanceof SequenceNode list && steps.group(1) != null) {
        int index = Integer.parseInt(steps.group(1));
        next = index < list.getValue().size() ? list.getValue().get(index) : null;
        line = next == null ? line : lineOf(next);
      } else if (part instanceof MappingNode mapping) {
        for (NodeTuple entry : mapping.getValue()) {
          if (entry.getKeyNode() instanceof ScalarNode key
              && key.getValue().equals(steps.group(2))) {
            next = entry.getValueNode();
            line = lineOf(key);
          }
        }
      }
      part = next;
    }
    return line;
  }

  private static OptionalInt lineOf(Node node) {
    return OptionalInt.of(node.getStartMark().getLine() + 1);
  }
}
