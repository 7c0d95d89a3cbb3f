package dev.concert.bridges.teams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.bridges.vendor.VendorClient;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.FreePort;
import dev.concert.testing.chat.FakeTeams;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Microsoft's own connector, in {@code m365agentsplayground} from npm and unmodified, on the other
 * side. It listens on all addresses: so this runs only where there is no other network, under
 * {@code unshare -n}, with {@code -Dconcert.playground=true}.
 */
@EnabledIfSystemProperty(named = "concert.playground", matches = "true")
class TeamsPlaygroundTest {
  private final Vertx vertx = Vertx.vertx();
  private final FakeTeams teams = new FakeTeams();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    teams.close();
  }

  private <T> T get(Supplier<Future<T>> call) {
    Promise<T> promise = Promise.promise();
    vertx.runOnContext(_ -> call.get().onComplete(promise));
    return promise.future().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void whatMicrosoftsConnectorTellsIsReadAndItTakesStreamsMessagesAndChanges() throws Exception {
    assertThat(NetworkInterface.networkInterfaces().filter(TeamsPlaygroundTest::isOutside))
        .as("interfaces to other machines: run this under unshare -n")
        .isEmpty();
    Promise<JsonObject> heard = Promise.promise();
    HttpServer bot =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              request.response().end();
                              if (body.toString().contains("\"type\":\"message\"")) {
                                heard.tryComplete(body.toJsonObject());
                              }
                            }))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    int port = FreePort.find();
    try (VendorClient client =
        VendorClient.start(
            "playground.mjs",
            Integer.toString(port),
            "http://127.0.0.1:%d/webhooks".formatted(bot.actualPort()))) {
      client.await("SAID");
      JsonObject activity = heard.future().toCompletionStage().toCompletableFuture().join();
      TeamsPlatform platform =
          new TeamsPlatform(
              new ChatNetwork(vertx, OutboundProxies.NONE),
              new TeamsEndpoints(
                  teams.login(),
                  teams.openId(),
                  URI.create("http://127.0.0.1:%d/_connector".formatted(port)),
                  teams.login()),
              new RateBudgets(vertx),
              InstantSource.system());
      ChatConnection connection = connection(activity);
      InboundEvent event = read(platform, connection, activity);
      assertThat(event.text()).isEqualTo("hello");
      assertThat(event.isDirect()).isTrue();
      converse(platform, connection, event.conversation());
    }
  }

  private static boolean isOutside(NetworkInterface one) {
    try {
      return one.isUp() && !one.isLoopback();
    } catch (SocketException e) {
      return true;
    }
  }

  private static ChatConnection connection(JsonObject activity) {
    String tenant = activity.getJsonObject("channelData").getJsonObject("tenant").getString("id");
    return new ChatConnection(
        "c1",
        "acme",
        "teams",
        "played",
        new Account(tenant, "Teams", activity.getJsonObject("recipient").getString("id")),
        Map.of(),
        Map.of(
            "appId", FakeTeams.app(1),
            "appPassword", FakeTeams.password(1),
            "tenantId", FakeTeams.tenant(1)),
        0);
  }

  /** The playground signs nothing: the token is the played one. */
  private InboundEvent read(
      TeamsPlatform platform, ChatConnection connection, JsonObject activity) {
    String authorization = teams.authorization(teams.claims(1, activity.getString("serviceUrl")));
    DeliverWebhook webhook =
        new DeliverWebhook(
            "teams",
            "c1",
            Map.of("authorization", authorization),
            activity.encode().getBytes(StandardCharsets.UTF_8));
    WebhookResult result =
        get(() -> ((WebhookResult.Later) platform.read(connection, webhook)).result());
    return ((WebhookResult.Events) result).events().getFirst();
  }

  private void converse(TeamsPlatform platform, ChatConnection connection, String conversation) {
    ChatText[] texts = {
      ChatText.growing("", "Working …"),
      ChatText.growing("One", "Using x …"),
      ChatText.growing("One two", ""),
      ChatText.of("One two three"),
      ChatText.of("changed")
    };
    Optional<String> id = Optional.empty();
    for (ChatText text : texts) {
      OutboxMessage message =
          new OutboxMessage(
              1,
              "c1",
              ChatConnection.lane("c1", conversation),
              "key",
              text.toJson(),
              1,
              0,
              OutboxMessage.State.SENDING,
              id,
              0,
              false);
      SendOutcome outcome = get(() -> platform.sender(connection).send(message));
      assertThat(outcome).as(text.text()).isInstanceOf(SendOutcome.Sent.class);
      id = Optional.of(((SendOutcome.Sent) outcome).remoteId());
    }
    assertThat(id.orElseThrow()).matches("\\d+");
  }
}
