package dev.concert.platform.command.automation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.ClientException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert inbox rules}. */
@Command(
    name = "rules",
    description = "What becomes of items as they come. The oldest rule that matches counts.",
    mixinStandardHelpOptions = true)
final class InboxRulesCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(name = "list", description = "Lists the rules.", mixinStandardHelpOptions = true)
  int list() {
    try (AutomationApi api = AutomationApi.open()) {
      api.rules().path("rules").forEach(this::show);
    }
    return 0;
  }

  private void show(JsonNode rule) {
    out()
        .printf(
            "%s  %s  when %s  then %s%n",
            rule.path("ruleId").asText(),
            rule.path("name").asText(),
            rule.path("when").isObject() ? rule.path("when") : "anything comes",
            rule.path("then"));
  }

  @Command(name = "delete", description = "Deletes a rule.", mixinStandardHelpOptions = true)
  int delete(@Parameters(paramLabel = "ID", description = "`list` shows it.") String id) {
    try (AutomationApi api = AutomationApi.open()) {
      api.deleteRule(id);
    }
    out().println("Deleted.");
    return 0;
  }

  @Command(
      name = "add",
      description = "Adds a rule. Give one of --merge, --close, --rate, --snooze and --agent.",
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(paramLabel = "NAME", description = "What it is called.") String name,
      @Option(names = "--kind", description = "Only result, question, failure or notice.")
          List<String> kinds,
      @Option(names = "--severity", description = "Only info, warning or error.")
          List<String> severities,
      @Option(names = "--automation", description = "Only what this automation leaves.")
          Optional<String> automation,
      @Option(names = "--word", description = "Only where the title or the text has it.")
          List<String> words,
      @Option(names = "--merge", description = "Into the newest open item of its automation.")
          boolean merge,
      @Option(names = "--close", description = "Nobody needs to see it.") boolean close,
      @Option(
              names = "--rate",
              paramLabel = "SEVERITY",
              description = "It is info, warning, error.")
          Optional<String> rate,
      @Option(names = "--snooze", paramLabel = "DURATION", description = "For so long, like PT4H.")
          Optional<String> snooze,
      @Option(
              names = "--agent",
              paramLabel = "AUTOMATION",
              description = "A run of this automation of yours decides.")
          Optional<String> agent) {
    List<ObjectNode> actions =
        Stream.of(
                merge ? Optional.of(action("merge")) : Optional.<ObjectNode>empty(),
                close ? Optional.of(action("close")) : Optional.<ObjectNode>empty(),
                rate.map(to -> action("rate").put("severity", to)),
                snooze.map(time -> action("snooze").put("snooze", time)),
                agent.map(id -> action("agent").put("automationId", id)))
            .flatMap(Optional::stream)
            .toList();
    if (actions.size() != 1) {
      throw new ClientException("Give one of --merge, --close, --rate, --snooze and --agent.");
    }
    ObjectNode rule = AutomationApi.body().put("name", name);
    ObjectNode when = AutomationApi.body();
    put(when, "kinds", kinds);
    put(when, "severities", severities);
    put(when, "words", words);
    automation.ifPresent(id -> when.put("automationId", id));
    if (!when.isEmpty()) {
      rule.set("when", when);
    }
    rule.set("then", actions.getFirst());
    try (AutomationApi api = AutomationApi.open()) {
      show(api.createRule(rule));
    }
    return 0;
  }

  private static ObjectNode action(String name) {
    return AutomationApi.body().put("action", name);
  }

  private static void put(ObjectNode into, String name, List<String> texts) {
    if (texts != null && !texts.isEmpty()) {
      texts.forEach(into.putArray(name)::add);
    }
  }
}
