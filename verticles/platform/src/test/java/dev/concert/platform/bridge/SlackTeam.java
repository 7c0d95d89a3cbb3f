package dev.concert.platform.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.SlackWebhooks;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A team of a played Slack, whose people talk to agents of a real server. */
final class SlackTeam implements AutoCloseable {
  static final String ANNE = "U0ANNE";
  static final String DIRECT = "D0ANNE";

  final FakeSlack slack = new FakeSlack();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger channels = new AtomicInteger();
  private String server;
  private String path;

  /** The configuration of a server that has this Slack. */
  JsonObject config() {
    return new JsonObject()
        .put(
            "bridges",
            new JsonObject()
                .put("agent", "echo")
                .put("slack", new JsonObject().put("apiUrl", slack.api().toString())));
  }

  /** Uses the server at this address from now on. */
  void use(String url) {
    server = url;
  }

  /** Adds the bridge; returns the reply. */
  HttpResponse<String> add(String token) {
    return call(
        "POST",
        "/api/bridges",
        new JsonObject()
            .put("platform", "slack")
            .put("name", "Played")
            .put(
                "secrets",
                new JsonObject()
                    .put("botToken", token)
                    .put("signingSecret", FakeSlack.SIGNING_SECRET)));
  }

  /** Adds the bridge, and pairs Anne. */
  void join() {
    HttpResponse<String> added = add(FakeSlack.TOKEN);
    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    path = new JsonObject(added.body()).getString("webhookPath");
    String code =
        new JsonObject(call("POST", "/api/chat/pairing-codes", new JsonObject()).body())
            .getString("code");
    say(DIRECT, "", ANNE, "pair " + code);
    awaitText(text -> text.startsWith("I know you now"));
  }

  SlackWebhooks webhooks() {
    return new SlackWebhooks(URI.create(server + path));
  }

  HttpResponse<String> call(String method, String where, JsonObject body) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(server + where))
              .method(method, HttpRequest.BodyPublishers.ofString(body.encode()))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(method + " " + where, e);
    }
  }

  /** Somebody writes something; returns the time of the message. */
  String say(String channel, String thread, String user, String text) {
    String time = slack.newTime();
    deliver(channel, time, thread, user, text);
    return time;
  }

  /** Slack tells of a message; it may do so again. */
  void deliver(String channel, String time, String thread, String user, String text) {
    JsonObject event = SlackWebhooks.message(channel, time, thread, user, text);
    HttpResponse<String> reply = webhooks().send(SlackWebhooks.envelope("Ev" + time, event));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
  }

  /** A channel in which nobody has spoken yet: Slack takes one message a second in each. */
  String newChannel() {
    return "C0N" + channels.incrementAndGet();
  }

  /** Anne mentions us. */
  String mention(String channel, String thread, String text) {
    return say(channel, thread, ANNE, "<@" + FakeSlack.BOT + "> " + text);
  }

  /** Anne mentions us, with a file. */
  String mention(String channel, String text, JsonObject file) {
    String time = slack.newTime();
    JsonObject event =
        SlackWebhooks.message(channel, time, "", ANNE, "<@" + FakeSlack.BOT + "> " + text)
            .put("subtype", "file_share")
            .put("files", new JsonArray().add(file));
    webhooks().send(SlackWebhooks.envelope("Ev" + time, event));
    return time;
  }

  FakeSlack.Message awaitText(Predicate<String> wanted) {
    return awaitMessage(message -> wanted.test(message.text()));
  }

  /** The first message like that, as soon as there is one. */
  FakeSlack.Message awaitMessage(Predicate<FakeSlack.Message> wanted) {
    try {
      Await.until("a message in Slack", () -> slack.messages().stream().anyMatch(wanted));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ". There are: " + slack.messages(), e);
    }
    return slack.messages().stream().filter(wanted).findFirst().orElseThrow();
  }

  /** The texts of a thread. */
  List<String> thread(String time) {
    return slack.messages().stream()
        .filter(one -> one.thread().equals(time))
        .map(FakeSlack.Message::text)
        .toList();
  }

  @Override
  public void close() {
    slack.close();
  }
}
