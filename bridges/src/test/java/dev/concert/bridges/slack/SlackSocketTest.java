package dev.concert.bridges.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.KeptInbox;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.testing.Await;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.SlackWebhooks;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over Slack's socket, whatever happens to it. */
class SlackSocketTest {
  private final Vertx vertx = Vertx.vertx();
  private final FakeSlack slack = new FakeSlack();
  private final KeptInbox inbox = new KeptInbox();
  private SlackSocket socket;

  private void listen(Duration watch) {
    socket = socket(watch);
    vertx.runOnContext(_ -> socket.start());
    Await.until("a socket", () -> socket.health().isConnected() && slack.isConnected(1));
  }

  private SlackSocket socket(Duration watch) {
    ChatConnection connection =
        new ChatConnection(
            "c1",
            "acme",
            "slack",
            "played",
            new Account(FakeSlack.TEAM, "Played", FakeSlack.BOT),
            Map.of(),
            Map.of("botToken", FakeSlack.TOKEN, "appToken", FakeSlack.appToken(1)),
            0);
    SlackApi api = new SlackApi(new ChatNetwork(vertx, OutboundProxies.NONE), slack.api());
    return new SlackSocket(
        new ChatNetwork(vertx, OutboundProxies.NONE), api, connection, inbox, watch);
  }

  private String say(String text) {
    JsonObject event = SlackWebhooks.message("D01", slack.newTime(), "", "U0ANNE", text);
    return slack.send(1, "events_api", SlackWebhooks.envelope("Ev", event));
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    slack.close();
  }

  @Test
  void anEnvelopeIsAcknowledgedOnceItIsDurable() {
    listen(SlackSocket.WATCH);
    String one = say("one");
    Await.until("acknowledged", () -> slack.acknowledged().equals(List.of(one)));
    assertThat(inbox.texts()).containsExactly("one");
  }

  @Test
  void whatCannotBeTakenNowComesAgainOnTheNextSocket() {
    listen(SlackSocket.WATCH);
    inbox.refusals = 1;
    String one = say("one");
    Await.until("acknowledged", () -> slack.acknowledged().contains(one));
    assertThat(inbox.texts()).containsExactly("one");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSocketThatEndsIsFollowedByAnotherAndNothingIsMissed(boolean isAsked) {
    listen(SlackSocket.WATCH);
    slack.closeSockets(1, isAsked);
    String meanwhile = say("meanwhile");
    Await.until("acknowledged", () -> slack.acknowledged().contains(meanwhile));
    assertThat(inbox.texts()).containsExactly("meanwhile");
  }

  @Test
  void aSocketThatDiedSilentlyIsLeft() {
    listen(Duration.ofMillis(50));
    slack.freezeSockets(1);
    String unheard = say("unheard");
    Await.until("acknowledged", () -> slack.acknowledged().contains(unheard));
  }

  @Test
  void anAppTokenThatIsTakenAwayIsSaid() {
    listen(SlackSocket.WATCH);
    slack.fail(SlackSocket.OPEN, FakeSlack.Fault.TOKEN_REVOKED);
    slack.closeSockets(1, false);
    Await.until(
        "the reason",
        () ->
            socket.health().message().equals("Slack does not take the app token: token_revoked."));
  }

  @Test
  void aSocketThatIsStoppedWhileItIsAskedForIsNotOpened() {
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    vertx.exceptionHandler(thrown::add);
    listen(SlackSocket.WATCH);
    slack.closeSockets(1, false);
    SlackSocket stopped = socket(SlackSocket.WATCH);
    vertx.runOnContext(
        _ -> {
          stopped.start();
          stopped.stop();
        });
    Await.until("the other one", () -> socket.health().isConnected() && slack.isConnected(1));
    assertThat(stopped.health().message()).isEqualTo("Stopped.");
    assertThat(thrown).isEmpty();
  }

  @Test
  void aVertxThatClosesTheClientsBeforeTheSocketIsStoppedMeetsNoError() {
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    vertx.exceptionHandler(thrown::add);
    for (int i = 0; i < 20; i++) {
      listen(SlackSocket.WATCH);
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
    assertThat(thrown).isEmpty();
  }
}
