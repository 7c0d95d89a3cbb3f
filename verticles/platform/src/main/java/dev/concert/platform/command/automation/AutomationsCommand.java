package dev.concert.platform.command.automation;

import static dev.concert.platform.command.automation.AutomationApi.body;
import static dev.concert.platform.command.automation.AutomationApi.shown;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.ClientException;
import dev.concert.text.ShortText;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert automations}. */
@Command(
    name = "automations",
    description = "Lets agents work at set times: creates, runs and explains automations.",
    mixinStandardHelpOptions = true,
    subcommands = RunBranchCommand.class,
    footer = {"", "Uses the server at CONCERT_URL or on port 8080. docs/automations.md says more."})
public final class AutomationsCommand implements Runnable {
  private static final String ID = "Id of the automation; `list` shows them.";
  private static final String RUN = "Id of the run; `history` shows them.";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(name = "list", description = "Lists the automations.", mixinStandardHelpOptions = true)
  int list() {
    try (AutomationApi api = AutomationApi.open()) {
      String cursor = "";
      do {
        JsonNode page = api.list(cursor);
        page.path("automations").forEach(this::line);
        cursor = page.path("nextCursor").asText();
      } while (!cursor.isEmpty());
    }
    return 0;
  }

  private void line(JsonNode one) {
    out()
        .printf(
            "%s  %s  next %s  %s  (%s)%n",
            one.path("automationId").asText(),
            one.path("state").asText(),
            shown(one.path("nextAt")),
            one.path("name").asText(),
            one.path("description").asText());
    if (one.hasNonNull("stateReason")) {
      out().printf("    %s%n", one.path("stateReason").asText());
    }
  }

  @Command(name = "show", description = "Shows an automation.", mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      JsonNode one = api.get(id);
      line(one);
      out().println(one.toPrettyString());
    }
    return 0;
  }

  @Command(
      name = "add",
      description = "Creates an automation, and shows when it is due.",
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(
              paramLabel = "PROMPT",
              arity = "0..1",
              description = "The prompt for the agent; with --words the model writes it.")
          Optional<String> prompt,
      @Mixin TriggerOptions when,
      @Mixin WordsOptions words,
      @Mixin BlueprintOptions template,
      @Option(names = "--name", description = "Its name (default: the prompt).")
          Optional<String> name,
      @Option(names = "--agent", paramLabel = "TYPE", description = "Type of the agent.")
          Optional<String> agent,
      @Option(names = "--model", description = "Model of the agent.") Optional<String> model,
      @Option(names = "--in-session", description = "The session in which all runs go on.")
          Optional<String> inSession,
      @Option(
              names = "--permissions",
              paramLabel = "deny|wait",
              description = "What a run answers when its agent asks (default: deny).")
          Optional<String> permissions,
      @Option(names = "--session", description = "Session whose files a run begins with a copy of.")
          Optional<String> session,
      @Mixin CloneOptions clone,
      @Option(names = "--paused", description = "Creates it without starting it.") boolean paused) {
    if (template.name().isPresent()) {
      if (prompt.isPresent()) {
        throw new ClientException("A blueprint has its own prompt: leave yours out.");
      }
      return addOf(template, when, name, agent, model, session, permissions, paused);
    }
    try (AutomationApi api = AutomationApi.open()) {
      ObjectNode automation =
          words.isGiven() ? words.proposed(api, when.zone()) : written(prompt, when);
      name.ifPresent(one -> automation.put("name", one));
      automation.put("paused", paused);
      ObjectNode task = (ObjectNode) automation.path("task");
      agent.ifPresent(type -> task.put("agentType", type));
      model.ifPresent(one -> task.put("model", one));
      inSession.ifPresent(one -> task.put("sessionId", one));
      session.ifPresent(
          id -> task.putObject("workspace").put("kind", "session").put("sessionId", id));
      clone.addTo(task);
      permissions.ifPresent(policy -> automation.putObject("policy").put("permissions", policy));
      if (words.isGiven()) {
        out().printf("%s: %s%n", automation.path("name").asText(), task.path("prompt").asText());
      }
      preview(api, (ObjectNode) automation.path("trigger"));
      if (!words.isConfirmed()) {
        throw new ClientException("Nothing is created. Confirm it with --yes.");
      }
      out().printf("automation %s%n", api.create(automation).path("automationId").asText());
    }
    return 0;
  }

  private int addOf(
      BlueprintOptions template,
      TriggerOptions when,
      Optional<String> name,
      Optional<String> agent,
      Optional<String> model,
      Optional<String> session,
      Optional<String> permissions,
      boolean paused) {
    ObjectNode set = template.set();
    agent.ifPresent(type -> set.put("agent", type));
    model.ifPresent(one -> set.put("model", one));
    session.ifPresent(id -> set.put("session", id));
    ObjectNode automation = body().put("paused", paused);
    automation.set("set", set);
    name.ifPresent(one -> automation.put("name", one));
    when.trigger().ifPresent(trigger -> automation.set("trigger", trigger));
    permissions.ifPresent(policy -> automation.putObject("policy").put("permissions", policy));
    try (AutomationApi api = AutomationApi.open()) {
      line(api.useBlueprint(template.name().orElseThrow(), automation));
    }
    return 0;
  }

  @Command(
      name = "blueprints",
      description = "Lists the blueprints, with their parameters.",
      mixinStandardHelpOptions = true)
  int blueprints() {
    try (AutomationApi api = AutomationApi.open()) {
      for (JsonNode one : api.blueprints().path("blueprints")) {
        out().printf("%s  %s%n", one.path("name").asText(), one.path("description").asText());
        for (JsonNode parameter : one.path("parameters")) {
          out()
              .printf(
                  "    --set %s=%s  %s%n",
                  parameter.path("name").asText(),
                  parameter.path("fallback").asText("…"),
                  parameter.path("description").asText());
        }
      }
    }
    return 0;
  }

  @Command(
      name = "changes",
      description = "Shows what a run changed in the copy of a session's files.",
      mixinStandardHelpOptions = true)
  int changes(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Parameters(paramLabel = "RUN", description = RUN) String run) {
    try (AutomationApi api = AutomationApi.open()) {
      JsonNode found = api.changes(id, run);
      for (JsonNode one : found.path("changes")) {
        out().printf("%s  %s%n", one.path("change").asText(), one.path("path").asText());
        out().print(one.path("diff").asText());
      }
      if (found.path("hasMore").asBoolean()) {
        out().println("… and more files.");
      }
    }
    return 0;
  }

  @Command(
      name = "accept",
      description = "Brings what a run changed into the session that its files came from.",
      mixinStandardHelpOptions = true)
  int accept(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Parameters(paramLabel = "RUN", description = RUN) String run) {
    try (AutomationApi api = AutomationApi.open()) {
      JsonNode done = api.accept(id, run);
      out()
          .printf(
              "%d file(s) written, %d deleted. Before: snapshot %s%n",
              done.path("written").asInt(),
              done.path("deleted").asInt(),
              done.path("snapshot").asText("-"));
    }
    return 0;
  }

  private static ObjectNode written(Optional<String> prompt, TriggerOptions when) {
    String text =
        prompt.orElseThrow(
            () ->
                new ClientException(
                    "Say what the agent is told, or give --words or a --blueprint."));
    ObjectNode automation = body().put("name", shortened(text));
    automation.set("trigger", when.trigger().orElseGet(() -> body().put("kind", "manual")));
    automation.putObject("task").put("prompt", text);
    return automation;
  }

  private static String shortened(String prompt) {
    return ShortText.marked(prompt, 60);
  }

  private void preview(AutomationApi api, ObjectNode trigger) {
    JsonNode preview = api.preview(trigger);
    out().printf("It is due %s.%n", preview.path("description").asText());
    preview.path("times").forEach(time -> out().printf("  %s%n", time.asText()));
  }

  @Command(
      name = "preview",
      description = "Shows what a trigger means and when it is due, and stores nothing.",
      mixinStandardHelpOptions = true)
  int preview(@Mixin TriggerOptions when) {
    ObjectNode trigger =
        when.trigger()
            .orElseThrow(() -> new ClientException("Name one of --cron, --every, --at, --rrule."));
    try (AutomationApi api = AutomationApi.open()) {
      preview(api, trigger);
    }
    return 0;
  }

  @Command(name = "edit", description = "Changes an automation.", mixinStandardHelpOptions = true)
  int edit(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Mixin TriggerOptions when,
      @Option(names = "--name", description = "Its new name.") Optional<String> name,
      @Option(names = "--prompt", description = "The new prompt for the agent.")
          Optional<String> prompt) {
    try (AutomationApi api = AutomationApi.open()) {
      ObjectNode changes = body();
      name.ifPresent(one -> changes.put("name", one));
      when.trigger().ifPresent(trigger -> changes.set("trigger", trigger));
      prompt.ifPresent(
          text ->
              changes.set(
                  "task", ((ObjectNode) api.get(id).path("task").deepCopy()).put("prompt", text)));
      if (changes.isEmpty()) {
        throw new ClientException("Name what changes: --name, --prompt, --cron, --every, --at.");
      }
      line(api.update(id, changes));
    }
    return 0;
  }

  @Command(
      name = "delete",
      description = "Deletes an automation and its history; its sessions and inbox items stay.",
      mixinStandardHelpOptions = true)
  int delete(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      api.delete(id);
    }
    return 0;
  }

  @Command(name = "pause", description = "Pauses an automation.", mixinStandardHelpOptions = true)
  int pause(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      line(api.pause(id));
    }
    return 0;
  }

  @Command(
      name = "resume",
      description = "Resumes an automation; times that passed are not caught up with.",
      mixinStandardHelpOptions = true)
  int resume(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      line(api.resume(id));
    }
    return 0;
  }

  @Command(name = "run", description = "Runs an automation now.", mixinStandardHelpOptions = true)
  int runNow(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      out().println(api.run(id).path("runId").asText());
    }
    return 0;
  }

  @Command(
      name = "test",
      description = "Runs an automation now, as if an event had brought a payload.",
      mixinStandardHelpOptions = true)
  int test(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(
              names = "--payload",
              paramLabel = "JSON",
              defaultValue = "{}",
              description = "A JSON object that the agent gets (default: {}).")
          String payload) {
    try (AutomationApi api = AutomationApi.open()) {
      out().println(api.test(id, WordsOptions.object(payload)).path("runId").asText());
    }
    return 0;
  }

  @Command(
      name = "webhook",
      description = "Makes a new secret for an automation's webhook, and shows it once.",
      mixinStandardHelpOptions = true)
  int webhook(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      JsonNode made = api.webhook(id);
      out().printf("POST %s%n", made.path("path").asText());
      out().printf("secret %s%n", made.path("secret").asText());
    }
    return 0;
  }

  @Command(
      name = "history",
      description = "Lists the times of an automation and what became of them.",
      mixinStandardHelpOptions = true)
  int history(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(names = "--limit", defaultValue = "50", description = "How many (default: 50).")
          int limit) {
    try (AutomationApi api = AutomationApi.open()) {
      for (JsonNode slot : api.history(id, limit).path("slots")) {
        JsonNode run = slot.path("run");
        String state =
            run.isMissingNode() ? slot.path("state").asText() : run.path("state").asText();
        String reason =
            slot.path("reason").asText(run.path("error").asText(run.path("pullUrl").asText()));
        out()
            .printf(
                "%s  %s%s  %s  %s  %s%n",
                shown(slot.path("scheduledAt")),
                state,
                slot.path("late").asBoolean() ? ", late" : "",
                run.path("runId").asText("-"),
                run.path("sessionId").asText("-"),
                reason);
      }
    }
    return 0;
  }

  @Command(
      name = "why",
      description = "Says why an automation ran, or did not, at a time.",
      mixinStandardHelpOptions = true)
  int why(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Parameters(
              paramLabel = "TIME",
              description = "A time with an offset, such as 2026-12-01T09:00+01:00.")
          String at) {
    try (AutomationApi api = AutomationApi.open()) {
      out().println(api.why(id, at).path("message").asText());
    }
    return 0;
  }
}
