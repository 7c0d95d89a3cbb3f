package dev.concert.platform.command.automation;

import static dev.concert.platform.command.automation.AutomationApi.body;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.ClientException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which items a rule of the inbox is for, and what becomes of them, as options of a command. */
final class RuleOptions {
  private static final String ACTIONS = "--merge, --close, --rate, --snooze and --agent";

  @Option(
      names = "--kind",
      split = ",",
      description = "Only result, question, failure or notice; with commas for more than one.")
  private List<String> kinds = List.of();

  @Option(
      names = "--severity",
      split = ",",
      description = "Only info, warning or error; with commas for more than one.")
  private List<String> severities = List.of();

  @Option(
      names = "--automation",
      paramLabel = "ID",
      description = "Only what this automation leaves.")
  private Optional<String> automation = Optional.empty();

  @Option(
      names = "--word",
      description = "Only where the title or the text has it; repeat it for one of several.")
  private List<String> words = List.of();

  @Option(names = "--merge", description = "Into the newest open item of its automation.")
  private boolean merge;

  @Option(names = "--close", description = "Nobody needs to see it.")
  private boolean close;

  @Option(
      names = "--rate",
      paramLabel = "SEVERITY",
      description = "It becomes info, warning or error.")
  private Optional<String> rate = Optional.empty();

  @Option(
      names = "--snooze",
      paramLabel = "DURATION",
      description = "For so long, such as PT4H or P1D.")
  private Optional<String> snooze = Optional.empty();

  @Option(
      names = "--agent",
      paramLabel = "AUTOMATION",
      description = "A run of this automation of yours decides.")
  private Optional<String> agent = Optional.empty();

  /** Writes the conditions that are given into those of a rule; what is not given stays. */
  void addTo(ObjectNode when) {
    put(when, "kinds", kinds);
    put(when, "severities", severities);
    put(when, "words", words);
    automation.ifPresent(id -> when.put("automationId", id));
  }

  private static void put(ObjectNode into, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      texts.stream().map(String::strip).forEach(into.putArray(name)::add);
    }
  }

  /**
   * What becomes of the items.
   *
   * @throws ClientException where not exactly one is named
   */
  ObjectNode oneAction() {
    return action().orElseThrow(() -> new ClientException("Give one of %s.".formatted(ACTIONS)));
  }

  /**
   * What becomes of the items; empty where nothing is named.
   *
   * @throws ClientException where more than one is named
   */
  Optional<ObjectNode> action() {
    List<ObjectNode> actions =
        Stream.of(
                merge ? Optional.of(named("merge")) : Optional.<ObjectNode>empty(),
                close ? Optional.of(named("close")) : Optional.<ObjectNode>empty(),
                rate.map(to -> named("rate").put("severity", to)),
                snooze.map(time -> named("snooze").put("snooze", time)),
                agent.map(id -> named("agent").put("automationId", id)))
            .flatMap(Optional::stream)
            .toList();
    if (actions.size() > 1) {
      throw new ClientException("Give only one of %s.".formatted(ACTIONS));
    }
    return actions.stream().findFirst();
  }

  private static ObjectNode named(String action) {
    return body().put("action", action);
  }

  /** A rule as one line. */
  static String line(JsonNode rule) {
    JsonNode when = rule.path("when");
    return "%s  %s  %s  when %s  then %s"
        .formatted(
            rule.path("ruleId").asText(),
            rule.path("isOn").asBoolean() ? "on" : "off",
            rule.path("name").asText(),
            when.isEmpty() ? "anything comes" : when,
            rule.path("then"));
  }
}
