package dev.concert.platform.command.automation;

import static dev.concert.platform.command.automation.AutomationApi.body;
import static dev.concert.platform.command.automation.AutomationApi.shown;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.ClientException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  private static final String ID = "Id of the rule; `list` shows them.";

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
    out().println(RuleOptions.line(rule));
  }

  @Command(
      name = "add",
      description = "Adds a rule. Give one of --merge, --close, --rate, --snooze and --agent.",
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(paramLabel = "NAME", description = "What it is called.") String name,
      @Mixin RuleOptions options) {
    ObjectNode rule = body().put("name", name);
    ObjectNode when = body();
    options.addTo(when);
    if (!when.isEmpty()) {
      rule.set("when", when);
    }
    rule.set("then", options.oneAction());
    try (AutomationApi api = AutomationApi.open()) {
      show(api.createRule(rule));
    }
    return 0;
  }

  @Command(
      name = "edit",
      description = "Changes a rule. What is not named stays; what it decided is not undone.",
      mixinStandardHelpOptions = true)
  int edit(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(names = "--name", description = "Its new name.") Optional<String> name,
      @Option(names = "--any", description = "Drops the conditions that it had.") boolean any,
      @Mixin RuleOptions options) {
    ObjectNode changes = body();
    name.ifPresent(one -> changes.put("name", one));
    options.action().ifPresent(then -> changes.set("then", then));
    ObjectNode given = body();
    options.addTo(given);
    if (!any && given.isEmpty() && changes.isEmpty()) {
      throw new ClientException(
          "Name what changes: --name, --any, a condition such as --word, or one of --merge,"
              + " --close, --rate, --snooze and --agent.");
    }
    try (AutomationApi api = AutomationApi.open()) {
      if (any) {
        changes.set("when", given);
      } else if (!given.isEmpty()) {
        ObjectNode when = conditions(api, id);
        options.addTo(when);
        changes.set("when", when);
      }
      show(api.updateRule(id, changes));
    }
    return 0;
  }

  /** Those of a rule; none where it is not there, which the change of it then says. */
  private static ObjectNode conditions(AutomationApi api, String id) {
    for (JsonNode rule : api.rules().path("rules")) {
      if (rule.path("ruleId").asText().equals(id) && rule.path("when").isObject()) {
        return rule.path("when").deepCopy();
      }
    }
    return body();
  }

  @Command(
      name = "on",
      description = "Switches a rule on; it sorts the items that come from now on.",
      mixinStandardHelpOptions = true)
  int on(@Parameters(paramLabel = "ID", description = ID) String id) {
    return set(id, true);
  }

  @Command(
      name = "off",
      description = "Switches a rule off; what it decided stays.",
      mixinStandardHelpOptions = true)
  int off(@Parameters(paramLabel = "ID", description = ID) String id) {
    return set(id, false);
  }

  private int set(String id, boolean isOn) {
    try (AutomationApi api = AutomationApi.open()) {
      show(api.updateRule(id, body().put("isOn", isOn)));
    }
    return 0;
  }

  @Command(
      name = "delete",
      description = "Deletes a rule; what it decided stays.",
      mixinStandardHelpOptions = true)
  int delete(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      api.deleteRule(id);
    }
    out().println("Deleted.");
    return 0;
  }

  @Command(
      name = "decisions",
      description = "Shows what a rule and its agent did, the newest 50 first.",
      mixinStandardHelpOptions = true)
  int decisions(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      for (JsonNode decision : api.decisions(id).path("decisions")) {
        JsonNode change = decision.path("change");
        out()
            .printf(
                "%s  %s  %s  %s  %s%s%n",
                shown(change.path("at")),
                decision.path("itemId").asText(),
                change.path("action").asText(),
                decision.path("title").asText(),
                change.path("note").asText(),
                change.path("isUndone").asBoolean() ? "  (taken back)" : "");
      }
    }
    return 0;
  }
}
