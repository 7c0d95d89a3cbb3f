package dev.concert.automation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * When an automation is due.
 *
 * @param kind {@code cron}, {@code interval}, {@code once}, {@code rrule}, {@code heartbeat} or
 *     {@code manual}; of events {@code file}, {@code webhook}, {@code inbox}, {@code automation},
 *     {@code chat} or {@code github}; {@code rule} of a rule in a repository's file
 * @param expression five fields of cron; a duration such as {@code PT15M}; a time such as {@code
 *     2026-12-01T09:00}; a start and a rule of RFC 5545; the kinds of items of the inbox, with
 *     commas; a glob of files; how the other automation ended; the place of a rule, such as {@code
 *     acme/site/.github/concert.yml:12}; null for the others
 * @param zone of a cron expression or a time, such as {@code Europe/Berlin}; null for the others
 * @param source the other automation, or the session of the files; null for the others
 * @param quietHours in which nothing runs, such as {@code 22:00-07:00}; null for none
 * @param chat which messages of the kind chat; null for the others
 * @param github which events of the kind github; null for the others
 */
public record AutomationTrigger(
    Kind kind,
    String expression,
    String zone,
    String source,
    String quietHours,
    ChatFilter chat,
    RepositoryFilter github) {
  private static final int MAX_EXPRESSION = 1000;
  private static final int MAX_SOURCE = 100;
  private static final String QUIET_HOURS = "([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d";
  private static final Set<Kind> TIMED =
      EnumSet.of(Kind.CRON, Kind.INTERVAL, Kind.ONCE, Kind.RRULE, Kind.HEARTBEAT);
  private static final Set<String> ENDS = Set.of("any", "completed", "failed");
  private static final Set<String> ITEMS = Set.of("result", "question", "failure", "notice");

  /** Of times. */
  public AutomationTrigger(Kind kind, String expression, String zone) {
    this(kind, expression, zone, null, null);
  }

  /** Without a filter. */
  public AutomationTrigger(
      Kind kind, String expression, String zone, String source, String quietHours) {
    this(kind, expression, zone, source, quietHours, null, null);
  }

  /** Of messages in chats. */
  public static AutomationTrigger of(ChatFilter chat) {
    return new AutomationTrigger(Kind.CHAT, null, null, null, null, chat, null);
  }

  /** Of events of repositories. */
  public static AutomationTrigger of(RepositoryFilter github) {
    return new AutomationTrigger(Kind.GITHUB, null, null, null, null, null, github);
  }

  /** The kinds, by their names in JSON. */
  public enum Kind {
    CRON,
    INTERVAL,
    ONCE,
    RRULE,
    /** An interval in a session, of which nobody hears when there is nothing to report. */
    HEARTBEAT,
    MANUAL,
    /** Files change in a workspace. */
    FILE,
    /** Somebody posts to its address. */
    WEBHOOK,
    /** Something comes into the owner's inbox. */
    INBOX,
    /** A run of another automation ends. */
    AUTOMATION,
    /** Somebody writes a message in a chat. */
    CHAT,
    /** Something happens in a repository. */
    GITHUB,
    /** A rule in the file of a repository, which nobody makes here. */
    RULE;

    /** Its name in JSON. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is wrong besides the expression, if anything. */
  public Optional<String> fault() {
    if (kind == null) {
      return Optional.of("'trigger.kind' is missing");
    }
    if (TIMED.contains(kind) && (expression == null || expression.isBlank())) {
      return Optional.of("'trigger.expression' is missing");
    }
    if (expression != null && expression.length() > MAX_EXPRESSION) {
      return Optional.of("'trigger.expression' has more than 1000 characters");
    }
    boolean needsZone = kind == Kind.CRON || kind == Kind.ONCE || quietHours != null;
    if (needsZone && (zone == null || zone.isBlank())) {
      return Optional.of("'trigger.zone' is missing, for example Europe/Berlin");
    }
    if (quietHours != null && (!TIMED.contains(kind) || !quietHours.matches(QUIET_HOURS))) {
      return Optional.of("'trigger.quietHours' of a trigger by time must be like 22:00-07:00");
    }
    return ofEvent();
  }

  private Optional<String> ofEvent() {
    if (source != null && source.length() > MAX_SOURCE) {
      return Optional.of("'trigger.source' has more than 100 characters");
    }
    if ((chat != null) != (kind == Kind.CHAT) || (github != null) != (kind == Kind.GITHUB)) {
      return Optional.of(
          "'trigger.chat' is for the kind chat and 'trigger.github' for the kind github, and"
              + " needed there");
    }
    return switch (kind) {
      case FILE ->
          source == null || source.isBlank() || expression == null || expression.isBlank()
              ? Optional.of("'trigger' needs 'source', a session, and 'expression', a glob")
              : Optional.empty();
      case AUTOMATION ->
          source == null || source.isBlank()
              ? Optional.of("'trigger.source' is missing: the id of the other automation")
              : ENDS.containsAll(choices())
                  ? Optional.empty()
                  : Optional.of("'trigger.expression' must be any, completed or failed");
      case INBOX ->
          ITEMS.containsAll(choices())
              ? Optional.empty()
              : Optional.of(
                  "'trigger.expression' must be kinds of items: result, question, failure, notice");
      case RULE -> Optional.of("'trigger.kind' rule is for the rules in the files of repositories");
      case CHAT -> chat.fault();
      case GITHUB -> github.fault();
      case CRON, INTERVAL, ONCE, RRULE, HEARTBEAT, MANUAL, WEBHOOK -> Optional.empty();
    };
  }

  /** The words of its expression; none where it has none. */
  public List<String> choices() {
    return expression == null || expression.isBlank()
        ? List.of()
        : Stream.of(expression.split(",")).map(String::strip).toList();
  }
}
