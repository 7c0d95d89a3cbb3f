package dev.concert.bridges.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concert.bridges.BridgesOptions;
import dev.concert.bridges.discord.DiscordPlatform;
import dev.concert.bridges.linear.LinearPlatform;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.KeptInbox;
import dev.concert.bridges.slack.SlackPlatform;
import dev.concert.bridges.telegram.TelegramPlatform;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.Await;
import dev.concert.testing.PlayedProxy;
import dev.concert.testing.chat.FakeDiscord;
import dev.concert.testing.chat.FakeLinear;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.FakeTelegram;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chat platforms to which only a proxy has a way. */
class ChatProxyTest {
  private static final String FAR = "chat.example";
  private static final String OWN = "0.0.0.0";

  private @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private PlayedProxy proxy;

  @BeforeEach
  void start() {
    proxy = PlayedProxy.start(vertx);
  }

  @AfterEach
  void stop() {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private ChatNetwork network(Map<String, String> environment) {
    return new ChatNetwork(
        vertx,
        BridgesOptions.from(ConfigReader.of(new JsonObject(), "bridges"), data, environment)
            .proxies());
  }

  private static URI at(String host, URI api) {
    return URI.create(api.toString().replace("127.0.0.1", host));
  }

  private URI platform() {
    HttpServer server =
        get(
            vertx
                .createHttpServer()
                .requestHandler(request -> request.response().end("{\"said\":\"hello\"}"))
                .listen(0, "127.0.0.1"));
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  private static ChatReply call(ChatNetwork network, URI api) {
    return get(network.http().call(HttpMethod.GET, api + "/call", "", MissingNode.getInstance()));
  }

  @Test
  void callsAndFilesGoThroughTheProxy() {
    URI far = at(FAR, platform());
    ChatNetwork network = network(proxy.environment(""));

    assertThat(call(network, far)).isInstanceOf(ChatReply.Ok.class);
    assertThat(get(network.files().fetch(far + "/file", "", 100)).toString()).contains("hello");

    assertThat(proxy.lines()).containsExactly("GET " + far + "/call", "GET " + far + "/file");
  }

  @Test
  void aPlatformInTheOwnNetworkIsCalledDirectly() {
    URI own = at(OWN, platform());
    ChatNetwork network = network(proxy.environment(OWN));

    assertThat(call(network, own)).isInstanceOf(ChatReply.Ok.class);
    assertThat(get(network.files().fetch(own + "/file", "", 100)).toString()).contains("hello");

    assertThat(proxy.lines()).isEmpty();
  }

  @Test
  void whileTheProxyIsAwayACallNeverReachesThePlatform() {
    ChatNetwork network = network(PlayedProxy.environmentOfNone());

    assertThat(call(network, at(FAR, platform()))).isInstanceOf(ChatReply.Unreached.class);
    assertThat(call(network, URI.create("https://chat.example")))
        .isInstanceOf(ChatReply.Unreached.class);
  }

  @Test
  void telegramIsCalledThroughTheProxyUnlessItIsInTheOwnNetwork() {
    try (FakeTelegram telegram = new FakeTelegram()) {
      Map<String, String> secrets = Map.of("botToken", FakeTelegram.token(1));
      URI far = at(FAR, telegram.api());

      get(telegram(far, "").verify(Map.of(), secrets));
      get(telegram(at(OWN, telegram.api()), OWN).verify(Map.of(), secrets));

      assertThat(proxy.lines())
          .containsExactly("POST %s/bot%s/getMe".formatted(far, FakeTelegram.token(1)));
    }
  }

  private ChatPlatform telegram(URI api, String direct) {
    return new TelegramPlatform(
        network(proxy.environment(direct)), api, new RateBudgets(vertx), InstantSource.system());
  }

  @Test
  void linearIsCalledThroughTheProxyUnlessItIsInTheOwnNetwork() {
    try (FakeLinear linear = new FakeLinear()) {
      Map<String, String> secrets =
          Map.of(
              "clientId", FakeLinear.clientId(1),
              "clientSecret", FakeLinear.CLIENT_SECRET,
              "webhookSecret", FakeLinear.WEBHOOK_SECRET);
      URI far = at(FAR, linear.api());

      get(linear(far, "").verify(Map.of(), secrets));
      get(linear(at(OWN, linear.api()), OWN).verify(Map.of(), secrets));

      assertThat(proxy.lines())
          .containsExactly("POST " + far + "/oauth/token", "POST " + far + "/graphql");
    }
  }

  private ChatPlatform linear(URI api, String direct) {
    return new LinearPlatform(
        network(proxy.environment(direct)),
        api,
        Optional.empty(),
        new RateBudgets(vertx),
        InstantSource.system());
  }

  @Test
  void slackAndItsSocketAreReachedThroughTheProxyUnlessTheyAreInTheOwnNetwork() {
    try (FakeSlack slack = new FakeSlack()) {
      Map<String, String> secrets =
          Map.of("botToken", FakeSlack.token(1), "appToken", FakeSlack.appToken(1));
      for (String host : new String[] {FAR, OWN}) {
        slack.openSocketsAt(host);
        connect(
            new SlackPlatform(
                network(proxy.environment(OWN)),
                at(host, slack.api()),
                new RateBudgets(vertx),
                InstantSource.system()),
            "slack",
            secrets);
      }
      assertThat(proxy.lines())
          .allSatisfy(line -> assertThat(line).contains(FAR))
          .anySatisfy(line -> assertThat(line).contains("/api/auth.test"))
          .anySatisfy(line -> assertThat(line).matches("CONNECT .*|GET .*/link.*"));
    }
  }

  @Test
  void discordAndItsGatewayAreReachedThroughTheProxyUnlessTheyAreInTheOwnNetwork() {
    try (FakeDiscord discord = new FakeDiscord()) {
      Map<String, String> secrets = Map.of("botToken", FakeDiscord.token(1));
      for (String host : new String[] {FAR, OWN}) {
        discord.openGatewayAt(host);
        connect(
            new DiscordPlatform(
                network(proxy.environment(OWN)),
                at(host, discord.api()),
                new RateBudgets(vertx),
                InstantSource.system()),
            "discord",
            secrets);
      }
      assertThat(proxy.lines())
          .allSatisfy(line -> assertThat(line).contains(FAR))
          .anySatisfy(line -> assertThat(line).contains("/applications/@me"))
          .anySatisfy(line -> assertThat(line).matches("CONNECT .*|GET .*/gateway/.*"));
    }
  }

  /** Verifies the account, opens its socket, and closes it again. */
  private void connect(ChatPlatform platform, String name, Map<String, String> secrets) {
    Account account = get(platform.verify(Map.of(), secrets));
    ChatConnection connection =
        new ChatConnection("c1", "acme", name, "played", account, account.settings(), secrets, 0);
    ChatReceiver receiver =
        get(
            vertx.executeBlocking(
                () -> platform.receiver(connection, new KeptInbox()).orElseThrow()));
    vertx.runOnContext(_ -> receiver.start());
    Await.until("connected", () -> receiver.health().isConnected());
    vertx.runOnContext(_ -> receiver.stop());
    Await.until("stopped", () -> receiver.health().message().equals("Stopped."));
  }
}
