package dev.concert.bridges.teams;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.EarlierMessage;
import dev.concert.bridges.platform.InboundEvent;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What was said in a thread of a channel before, which Microsoft Graph has. The app package asks
 * each team for the permission; a team that gives none shows nothing. Source:
 * https://learn.microsoft.com/graph/api/chatmessage-list-replies.
 */
final class TeamsThread {
  private static final String ROOT = ";messageid=";
  private static final Pattern BREAK = Pattern.compile("(?i)<br */?>|</(p|div|li)>");
  private static final Pattern TAG = Pattern.compile("<[^>]*>");
  private static final Pattern GUID = Pattern.compile("[0-9a-fA-F-]{36}");

  private final TeamsApi api;

  TeamsThread(TeamsApi api) {
    this.api = api;
  }

  /** The newest of them, oldest first. */
  Future<List<EarlierMessage>> before(ChatConnection connection, InboundEvent event, int max) {
    String[] place = event.conversation().split(ROOT, 2);
    String asked = event.eventId().substring(event.eventId().lastIndexOf(':') + 1);
    boolean isThread =
        place.length == 2
            && event.group() != null
            && GUID.matcher(event.group()).matches()
            && !place[1].equals(asked);
    if (!isThread) {
      return Future.succeededFuture(List.of());
    }
    String root =
        "/teams/%s/channels/%s/messages/%s"
            .formatted(event.group(), TeamsApi.encoded(place[0]), TeamsApi.encoded(place[1]));
    return api.graph(connection, root)
        .compose(
            first ->
                api.graph(connection, root + "/replies?$top=50")
                    .map(replies -> messages(first, replies, asked, max)));
  }

  /** Graph has the newest reply first. */
  private static List<EarlierMessage> messages(
      ChatReply first, ChatReply replies, String asked, int max) {
    List<EarlierMessage> messages = new ArrayList<>();
    if (replies instanceof ChatReply.Ok ok) {
      for (JsonNode one : ok.body().path("value")) {
        if (isBefore(one.path("id").asText(""), asked)) {
          add(messages, one);
        }
      }
    }
    if (first instanceof ChatReply.Ok ok) {
      add(messages, ok.body());
    }
    List<EarlierMessage> newest = messages.subList(0, Math.min(max, messages.size()));
    return List.copyOf(newest.reversed());
  }

  /** Ids are times in milliseconds. */
  private static boolean isBefore(String id, String asked) {
    return id.length() < asked.length() || id.length() == asked.length() && id.compareTo(asked) < 0;
  }

  private static void add(List<EarlierMessage> messages, JsonNode message) {
    JsonNode from = message.path("from");
    String author =
        from.path("user")
            .path("displayName")
            .asText(from.path("application").path("displayName").asText(""));
    String said = message.path("body").path("content").asText("");
    String text =
        message.path("body").path("contentType").asText("").equals("html") ? plain(said) : said;
    if (!text.isBlank() && message.path("messageType").asText("message").equals("message")) {
      messages.add(new EarlierMessage(author, text));
    }
  }

  private static String plain(String html) {
    return TAG.matcher(BREAK.matcher(html).replaceAll("\n"))
        .replaceAll("")
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
        .strip();
  }
}
