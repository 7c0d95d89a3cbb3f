package dev.concert.testing.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What Slack sends to an app, with its signature. */
public final class SlackWebhooks {
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI url;

  /**
   * @param url of the connection's webhook
   */
  public SlackWebhooks(URI url) {
    this.url = url;
  }

  /** An event in the envelope of the Events API. */
  public static JsonObject envelope(String eventId, JsonObject event) {
    return new JsonObject()
        .put("token", "played")
        .put("team_id", FakeSlack.TEAM)
        .put("api_app_id", "A0PLAYED")
        .put("event", event)
        .put("type", "event_callback")
        .put("event_id", eventId)
        .put("event_time", Instant.now().getEpochSecond());
  }

  /** A message of a person. */
  public static JsonObject message(
      String channel, String ts, String thread, String user, String text) {
    JsonObject message =
        new JsonObject()
            .put("type", "message")
            .put("channel", channel)
            .put("channel_type", channel.startsWith("D") ? "im" : "channel")
            .put("user", user)
            .put("text", text)
            .put("ts", ts);
    return thread.isEmpty() ? message : message.put("thread_ts", thread);
  }

  public HttpResponse<String> send(JsonObject request) {
    return post("application/json", request.encode(), Instant.now().getEpochSecond());
  }

  /** Somebody presses a button of a message. */
  public HttpResponse<String> press(
      String channel, String thread, String user, String value, String actionTime) {
    JsonObject payload =
        new JsonObject()
            .put("type", "block_actions")
            .put("team", new JsonObject().put("id", FakeSlack.TEAM))
            .put("user", new JsonObject().put("id", user))
            .put("channel", new JsonObject().put("id", channel))
            .put("message", new JsonObject().put("thread_ts", thread))
            .put(
                "actions",
                new JsonArray()
                    .add(new JsonObject().put("value", value).put("action_ts", actionTime)));
    return form("payload=" + encoded(payload.encode()));
  }

  /** Somebody uses the slash command. */
  public HttpResponse<String> command(String channel, String user, String text, String trigger) {
    return form(
        "team_id=%s&channel_id=%s&channel_name=%s&user_id=%s&command=%%2Fconcert&text=%s&trigger_id=%s"
            .formatted(
                FakeSlack.TEAM,
                channel,
                channel.startsWith("D") ? "directmessage" : "general",
                user,
                encoded(text),
                trigger));
  }

  private HttpResponse<String> form(String form) {
    return post("application/x-www-form-urlencoded", form, Instant.now().getEpochSecond());
  }

  public HttpResponse<String> post(String contentType, String body, long seconds) {
    return post(contentType, body, Long.toString(seconds), sign(Long.toString(seconds), body));
  }

  public HttpResponse<String> post(
      String contentType, String body, String timestamp, String signature) {
    try {
      return client.send(
          HttpRequest.newBuilder(url)
              .header("Content-Type", contentType)
              .header("X-Slack-Request-Timestamp", timestamp)
              .header("X-Slack-Signature", signature)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Slack's signature of a body. */
  public static String sign(String timestamp, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              FakeSlack.SIGNING_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature =
          mac.doFinal(("v0:" + timestamp + ":" + body).getBytes(StandardCharsets.UTF_8));
      return "v0=" + HexFormat.of().formatHex(signature);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
