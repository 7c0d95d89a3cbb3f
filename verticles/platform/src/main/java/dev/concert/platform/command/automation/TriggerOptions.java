package dev.concert.platform.command.automation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** When an automation is due, as options of a command; at most one kind is given. */
final class TriggerOptions {
  @Option(
      names = "--cron",
      paramLabel = "EXPRESSION",
      description = "Minute, hour, day of month, month and day of week, such as '30 9 * * 1-5'.")
  private Optional<String> cron = Optional.empty();

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "A time that passes in between, such as PT15M or P1D.")
  private Optional<String> every = Optional.empty();

  @Option(names = "--at", paramLabel = "TIME", description = "One time, such as 2026-12-01T09:00.")
  private Optional<String> at = Optional.empty();

  @Option(
      names = "--rrule",
      paramLabel = "RULE",
      description = "A start with a zone and a recurrence rule of RFC 5545.")
  private Optional<String> rrule = Optional.empty();

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "Zone of --cron, --at, --words and --quiet (default: that of this machine).")
  private Optional<String> zone = Optional.empty();

  @Option(
      names = "--heartbeat",
      paramLabel = "DURATION",
      description =
          "Like --every, in the session of --in-session; silent when nothing is to report.")
  private Optional<String> heartbeat = Optional.empty();

  @Option(
      names = "--quiet",
      paramLabel = "HOURS",
      description = "Hours in which nothing runs, such as 22:00-07:00.")
  private Optional<String> quiet = Optional.empty();

  @Option(names = "--on-webhook", description = "Each time that somebody posts to its webhook.")
  private boolean webhook;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "Each time that a run of this automation ends.")
  private Optional<String> after = Optional.empty();

  @Option(
      names = "--on-inbox",
      paramLabel = "KINDS",
      description = "Each time that such items come: result, question, failure, notice, or any.")
  private Optional<String> inbox = Optional.empty();

  @Option(
      names = "--on-files",
      paramLabel = "GLOB",
      description = "Each time that such files change in the session of --files-of.")
  private Optional<String> glob = Optional.empty();

  @Option(
      names = "--files-of",
      paramLabel = "SESSION",
      description = "The session whose files --on-files watches.")
  private Optional<String> filesOf = Optional.empty();

  @Option(
      names = "--on-chat",
      split = ",",
      paramLabel = "WORDS",
      description = "Each time that a member writes one of these words in a chat.")
  private List<String> words = List.of();

  @Option(
      names = "--channel",
      paramLabel = "CHANNEL",
      description = "Of --on-chat: only in the channel with this id of the platform.")
  private Optional<String> channel = Optional.empty();

  @Option(
      names = "--on-github",
      split = ",",
      paramLabel = "EVENTS",
      description = "Each time that this happens, such as push or issues.opened.")
  private List<String> events = List.of();

  @Option(
      names = "--repository",
      paramLabel = "GLOB",
      description = "Of --on-github: only in repositories such as acme/*.")
  private List<String> repositories = List.of();

  @Option(
      names = "--label",
      paramLabel = "LABEL",
      description = "Of --on-github: only where the issue or pull request has the label.")
  private List<String> labels = List.of();

  @Option(
      names = "--branch",
      paramLabel = "GLOB",
      description = "Of --on-github: only pushes to such a branch, or pull requests into it.")
  private List<String> branches = List.of();

  @Option(
      names = "--from-anyone",
      description = "Of --on-github: also what people do who may not write in the repository.")
  private boolean anyone;

  /** The zone that is given, or that of this machine. */
  String zone() {
    return zone.orElseGet(() -> ZoneId.systemDefault().getId());
  }

  /** The trigger; empty where none is given. */
  Optional<ObjectNode> trigger() {
    return cron.map(text -> inZone("cron", text))
        .or(() -> every.map(text -> of("interval", text)))
        .or(() -> at.map(text -> inZone("once", text)))
        .or(() -> rrule.map(text -> of("rrule", text)))
        .or(() -> heartbeat.map(text -> of("heartbeat", text)))
        .or(() -> glob.map(text -> of("file", text).put("source", filesOf.orElse(""))))
        .or(() -> webhook ? Optional.of(of("webhook")) : Optional.empty())
        .or(() -> after.map(id -> of("automation").put("source", id)))
        .or(() -> inbox.map(kinds -> ofInbox(kinds)))
        .or(() -> words.isEmpty() ? Optional.empty() : Optional.of(ofChat()))
        .or(() -> events.isEmpty() ? Optional.empty() : Optional.of(ofGitHub()))
        .map(this::withQuietHours);
  }

  private static ObjectNode ofInbox(String kinds) {
    return kinds.equals("any") ? of("inbox") : of("inbox", kinds);
  }

  private ObjectNode ofChat() {
    ObjectNode trigger = of("chat");
    ObjectNode filter = trigger.putObject("chat");
    put(filter, "words", words);
    channel.ifPresent(id -> filter.put("channel", id));
    return trigger;
  }

  private ObjectNode ofGitHub() {
    ObjectNode trigger = of("github");
    ObjectNode filter = trigger.putObject("github");
    put(filter, "events", events);
    put(filter, "repositories", repositories);
    put(filter, "labels", labels);
    put(filter, "branches", branches);
    if (anyone) {
      filter.put("from", "anyone");
    }
    return trigger;
  }

  private static void put(ObjectNode into, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      texts.stream().map(String::strip).forEach(into.putArray(name)::add);
    }
  }

  private ObjectNode withQuietHours(ObjectNode trigger) {
    quiet.ifPresent(hours -> trigger.put("quietHours", hours).put("zone", zone()));
    return trigger;
  }

  private static ObjectNode of(String kind) {
    return AutomationApi.body().put("kind", kind);
  }

  private ObjectNode inZone(String kind, String expression) {
    return of(kind, expression).put("zone", zone());
  }

  private static ObjectNode of(String kind, String expression) {
    return of(kind).put("expression", expression);
  }
}
