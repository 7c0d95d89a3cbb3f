package dev.concert.bridges.linear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Button;
import dev.concert.bridges.platform.ChatText.Stage;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.error.Problem;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.chat.FakeLinear;
import dev.concert.testing.chat.LinearWebhooks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What people see of an agent session in Linear. */
class LinearSessionsTest {
  private static final Map<String, String> SECRETS =
      Map.of(
          "clientId", FakeLinear.clientId(1),
          "clientSecret", FakeLinear.CLIENT_SECRET,
          "webhookSecret", FakeLinear.WEBHOOK_SECRET);

  private final Vertx vertx = Vertx.vertx();
  private final FakeLinear linear = new FakeLinear();
  private final LinearPlatform platform =
      new LinearPlatform(
          new ChatNetwork(vertx, OutboundProxies.NONE),
          linear.api(),
          Optional.of(URI.create("https://concert.example")),
          new RateBudgets(vertx),
          InstantSource.system());
  private final ChatConnection connection =
      new ChatConnection(
          "c1",
          "acme",
          "linear",
          "played",
          new Account(FakeLinear.workspace(1), "Played 1", FakeLinear.app(1)),
          Map.of(),
          SECRETS,
          0);
  private final OutboxSender sender = platform.sender(connection);
  private long ids;

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    linear.close();
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private OutboxMessage message(String key, ChatText text, long version) {
    return new OutboxMessage(
        ++ids,
        "c1",
        ChatConnection.lane("c1", "s1"),
        key,
        text.toJson(),
        version,
        0,
        OutboxMessage.State.PENDING,
        Optional.empty(),
        0,
        false);
  }

  private void send(ChatText text) {
    assertThat(get(sender.send(message("k" + ids, text, 1)))).isInstanceOf(SendOutcome.Sent.class);
  }

  private JsonObject last() {
    return linear.activities("s1").getLast();
  }

  private void begin(String delegate) {
    JsonObject issue = linear.issue("i1", delegate);
    linear.begin(LinearWebhooks.session(1, "s1", "anne").put("issue", issue));
  }

  private static InboundEvent created() {
    return new InboundEvent(Kind.MESSAGE, "s:s1", "s1", "s1", "anne", "mend it", false, true);
  }

  @Test
  void eachStageHasAnActivityOfItsOwn() {
    begin("");
    send(ChatText.of("I look.").at(Stage.WORKING));
    assertThat(last().getJsonObject("content"))
        .isEqualTo(new JsonObject().put("type", "thought").put("body", "I look."));
    send(ChatText.of("bash\n{\"command\":\"ls\"}").at(Stage.ACTION));
    assertThat(last().getBoolean("ephemeral")).isTrue();
    send(ChatText.of("bash\n{\"command\":\"ls\"}\na.txt\nb.txt").at(Stage.ACTION));
    assertThat(last().getJsonObject("content"))
        .isEqualTo(
            new JsonObject()
                .put("type", "action")
                .put("action", "bash")
                .put("parameter", "{\"command\":\"ls\"}")
                .put("result", "a.txt\nb.txt"));
    send(ChatText.of("- [x] Look\n- [-] Mend\n- [ ] Test").at(Stage.PLAN));
    assertThat(linear.session("s1").getJsonArray("plan"))
        .isEqualTo(
            new JsonArray()
                .add(step("Look", "completed"))
                .add(step("Mend", "inProgress"))
                .add(step("Test", "pending")));
    Button allow = new Button("Allow", "s|q|allow", true);
    send(new ChatText("May I?", List.of(allow), null).at(Stage.ASKING));
    assertThat(last().getString("signal")).isEqualTo("select");
    send(new ChatText("Who are you?", List.of(), "anne").at(Stage.ASKING));
    assertThat(last().getString("signal")).isEqualTo("auth");
    assertThat(last().getJsonObject("signalMetadata"))
        .isEqualTo(
            new JsonObject()
                .put("url", "https://concert.example")
                .put("userId", "anne")
                .put("providerName", "Concert"));
    send(ChatText.of("Mended.").at(Stage.DONE));
    assertThat(last().getJsonObject("content").getString("type")).isEqualTo("response");
    send(ChatText.of("It failed.").at(Stage.FAILED));
    assertThat(last().getJsonObject("content").getString("type")).isEqualTo("error");
  }

  private static JsonObject step(String content, String status) {
    return new JsonObject().put("content", content).put("status", status);
  }

  @Test
  void whatIsSentTwiceIsThereOnceAndANewVersionIsAnotherActivity() {
    begin("");
    OutboxMessage message = message("k", ChatText.of("once"), 1);
    assertThat(get(sender.lookUp(message))).isInstanceOf(OutboxSender.LookUp.Absent.class);
    SendOutcome first = get(sender.send(message));
    assertThat(get(sender.send(message))).isEqualTo(first);
    assertThat(get(sender.lookUp(message))).isInstanceOf(OutboxSender.LookUp.Found.class);
    assertThat(linear.activities("s1")).hasSize(1);
    get(sender.send(message("k", ChatText.of("more"), 2)));
    assertThat(linear.activities("s1")).hasSize(2);
  }

  @Test
  void aSessionThatIsGoneIsSaidAndNotTriedAgain() {
    assertThat(get(sender.send(message("k", ChatText.of("x"), 1))))
        .isEqualTo(new SendOutcome.Refused("Entity not found: AgentSession"));
  }

  @Test
  void aTokenThatIsNotTakenAnyMoreIsFetchedAnew() {
    begin("");
    send(ChatText.of("one"));
    linear.revokeTokens();
    send(ChatText.of("two"));
    assertThat(linear.activities("s1")).hasSize(2);
    assertThat(linear.tokens()).isEqualTo(1);
  }

  @Test
  void aWrongSecretIsSaidWhenTheBridgeIsAdded() {
    Map<String, String> wrong = new HashMap<>(SECRETS);
    wrong.put("clientSecret", "wrong");
    assertThat(get(platform.verify(Map.of(), SECRETS)).botUserId()).isEqualTo(FakeLinear.app(1));
    String refusal =
        get(
            platform
                .verify(Map.of(), wrong)
                .map("taken")
                .otherwise(failure -> Problem.of(failure).message()));
    assertThat(refusal).contains("Invalid client credentials").doesNotContain("wrong");
  }

  @Test
  void aSessionBeginsWithALinkAndADelegatedIssueIsMoved() {
    begin(FakeLinear.app(1));
    get(platform.prepare(connection, created()));
    get(platform.prepare(connection, created()));
    assertThat(linear.activities("s1")).hasSize(1);
    assertThat(last().getJsonObject("content").getString("type")).isEqualTo("thought");
    get(platform.begun(connection, created(), "abc"));
    assertThat(linear.session("s1").getJsonArray("addedExternalUrls"))
        .isEqualTo(
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("label", "Concert")
                        .put("url", "https://concert.example/#session=abc")));
    assertThat(linear.stateOf("i1")).isEqualTo("state-doing");
  }

  @Test
  void anIssueThatNamesUsOnlyStaysWhereItIs() {
    begin("");
    get(platform.begun(connection, created(), "abc"));
    assertThat(linear.stateOf("i1")).isEqualTo("");
  }
}
