package dev.concert.platform.command.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.client.ClientException;
import dev.concert.client.GatewayApi;
import dev.concert.client.Style;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The sessions that a user may see, the one in which something happened last first. Blocking. */
public final class ListedSessions {
  private static final int PAGE = 500;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private final GatewayApi gateway;

  public ListedSessions(GatewayApi gateway) {
    this.gateway = gateway;
  }

  /**
   * All of them, as the server describes them.
   *
   * @param archived whether those are in it that are archived
   */
  public List<JsonNode> all(boolean archived) {
    List<JsonNode> found = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page =
          gateway.request(
              "GET",
              "/api/sessions?limit=%d&includeArchived=%s%s".formatted(PAGE, archived, cursor),
              null);
      page.path("sessions").forEach(found::add);
      cursor =
          page.path("nextCursor").isTextual()
              ? "&cursor="
                  + URLEncoder.encode(page.path("nextCursor").asText(), StandardCharsets.UTF_8)
              : "";
    } while (!cursor.isEmpty());
    found.sort(
        Comparator.<JsonNode>comparingLong(session -> session.path("updatedAt").asLong())
            .reversed());
    return found;
  }

  /**
   * @throws ClientException if there is none
   */
  public JsonNode latest() {
    return all(false).stream()
        .findFirst()
        .orElseThrow(
            () ->
                new ClientException(
                    "There is no session to continue. Begin one without --continue."));
  }

  /**
   * Those with this in their name, in whatever case; all for an empty word.
   *
   * @param archived whether those are in it that are archived
   */
  public List<JsonNode> named(String word, boolean archived) {
    String wanted = word.toLowerCase(Locale.ROOT);
    return all(archived).stream()
        .filter(session -> name(session).toLowerCase(Locale.ROOT).contains(wanted))
        .toList();
  }

  /** A session as one line of text that no terminal obeys. */
  public static String line(JsonNode session) {
    return "%s  %s  %-10s %-14s %s%s"
        .formatted(
            session.path("id").asText(),
            TIME.format(
                Instant.ofEpochMilli(session.path("updatedAt").asLong())
                    .atZone(ZoneId.systemDefault())),
            session.path("state").asText(),
            session.path("agentType").asText(),
            name(session),
            session.path("archived").asBoolean() ? " (archived)" : "");
  }

  private static String name(JsonNode session) {
    return Style.harmless(session.path("name").asText()).lines().findFirst().orElse("");
  }
}
