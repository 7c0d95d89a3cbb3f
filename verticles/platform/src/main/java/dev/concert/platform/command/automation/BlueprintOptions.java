package dev.concert.platform.command.automation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that name a blueprint and the values of its parameters. */
final class BlueprintOptions {
  @Option(
      names = "--blueprint",
      paramLabel = "NAME",
      description = "Makes it of a blueprint; `blueprints` lists them.")
  private Optional<String> blueprint = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Value of a parameter of the blueprint.")
  private Map<String, String> values = new LinkedHashMap<>();

  Optional<String> name() {
    return blueprint;
  }

  ObjectNode set() {
    ObjectNode set = AutomationApi.body();
    values.forEach(set::put);
    return set;
  }
}
