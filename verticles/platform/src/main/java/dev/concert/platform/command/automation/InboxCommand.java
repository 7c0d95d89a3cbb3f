package dev.concert.platform.command.automation;

import static dev.concert.platform.command.automation.AutomationApi.shown;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.client.ClientException;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert inbox}. */
@Command(
    name = "inbox",
    description = "Shows what automations left for you: results, questions and failures.",
    mixinStandardHelpOptions = true,
    subcommands = {InboxDeliveryCommand.class, InboxRulesCommand.class},
    footer = {"", "Uses the server at CONCERT_URL or on port 8080."})
public final class InboxCommand implements Runnable {
  private static final String ID = "Id of the item; `list` shows them.";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(name = "list", description = "Lists the items.", mixinStandardHelpOptions = true)
  int list(
      @Option(
              names = "--state",
              defaultValue = "open",
              description = "open, new, seen, snoozed, done or all (default: open).")
          String state) {
    try (AutomationApi api = AutomationApi.open()) {
      api.inbox(state).path("items").forEach(this::show);
    }
    return 0;
  }

  private void show(JsonNode item) {
    out()
        .printf(
            "%s  %s  %s  %s  %s%s%s%n",
            item.path("itemId").asText(),
            item.path("state").asText(),
            item.path("severity").asText(),
            shown(item.path("createdAt")),
            item.path("title").asText(),
            merged(item),
            item.path("isAutomationDeleted").asBoolean() ? "  (its automation is deleted)" : "");
    item.path("body").asText().lines().forEach(line -> out().printf("    %s%n", line));
  }

  private static String merged(JsonNode item) {
    if (item.hasNonNull("mergedInto")) {
      return "  (merged into " + item.path("mergedInto").asText() + ")";
    }
    return item.path("merged").asInt() == 0
        ? ""
        : "  (and %d more)".formatted(item.path("merged").asInt());
  }

  @Command(
      name = "history",
      description = "Shows what people, rules and agents did with an item, the newest first.",
      mixinStandardHelpOptions = true)
  int history(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      api.itemHistory(id)
          .path("changes")
          .forEach(
              change ->
                  out()
                      .printf(
                          "%s  %s %s  %s  %s%s%n",
                          shown(change.path("at")),
                          change.path("by").asText(),
                          change.path("actor").asText(),
                          change.path("action").asText(),
                          change.path("note").asText(),
                          change.path("isUndone").asBoolean() ? "  (taken back)" : ""));
    }
    return 0;
  }

  @Command(
      name = "undo",
      description = "Takes back what was done with an item last.",
      mixinStandardHelpOptions = true)
  int undo(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      show(api.undo(id));
    }
    return 0;
  }

  @Command(
      name = "reply",
      description = "Goes on in the session of an item with a message.",
      mixinStandardHelpOptions = true)
  int reply(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Parameters(paramLabel = "TEXT", description = "The message.") String text) {
    try (AutomationApi api = AutomationApi.open()) {
      show(api.reply(id, text));
    }
    return 0;
  }

  @Command(name = "snooze", description = "Hides an item.", mixinStandardHelpOptions = true)
  int snooze(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Parameters(paramLabel = "DURATION", description = "For how long, such as PT4H or P1D.")
          String time) {
    try (AutomationApi api = AutomationApi.open()) {
      show(api.setState(id, "snoozed", Optional.of(Instant.now().plus(Duration.parse(time)))));
    } catch (DateTimeException e) {
      throw new ClientException("'%s' is no duration. Write it like PT4H or P1D.".formatted(time));
    }
    return 0;
  }

  @Command(name = "done", description = "Marks an item as done.", mixinStandardHelpOptions = true)
  int done(@Parameters(paramLabel = "ID", description = ID) String id) {
    try (AutomationApi api = AutomationApi.open()) {
      show(api.setState(id, "done", Optional.empty()));
    }
    return 0;
  }
}
