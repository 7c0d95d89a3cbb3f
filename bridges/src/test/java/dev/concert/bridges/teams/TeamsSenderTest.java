package dev.concert.bridges.teams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.http.ChatHttp;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.token.ChatTokens;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.chat.FakeTeams;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a message that Teams does not simply take. */
class TeamsSenderTest {
  private static final String CHANNEL = "19:abc@thread.tacv2;messageid=1";

  private final Vertx vertx = Vertx.vertx();
  private final FakeTeams teams = new FakeTeams();
  private final ChatConnection connection =
      new ChatConnection(
          "c1",
          "acme",
          "teams",
          "played",
          new Account(FakeTeams.tenant(1), "Teams", "28:" + FakeTeams.app(1)),
          Map.of(),
          Map.of(
              "appId", FakeTeams.app(1),
              "appPassword", FakeTeams.password(1),
              "tenantId", FakeTeams.tenant(1)),
          0);
  private final TeamsSender sender =
      new TeamsSender(
          new TeamsApi(
              new ChatHttp(vertx, OutboundProxies.NONE),
              new ChatTokens(InstantSource.system()),
              new TeamsEndpoints(teams.login(), teams.openId(), teams.service(), teams.login())),
          new RateBudgets(vertx),
          connection);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    teams.close();
  }

  private SendOutcome send(String conversation, ChatText text, Optional<String> remoteId) {
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
            remoteId,
            0,
            false);
    Promise<SendOutcome> outcome = Promise.promise();
    vertx.runOnContext(_ -> sender.send(message).onComplete(outcome));
    return outcome.future().toCompletionStage().toCompletableFuture().join();
  }

  private SendOutcome send(String conversation, String text) {
    return send(conversation, ChatText.of(text), Optional.empty());
  }

  @Test
  void whatTeamsRefusesForGoodIsGivenUpAndWhatItRefusesForNowIsNot() {
    assertThat(send("19:gone@thread.tacv2", "x"))
        .isEqualTo(new SendOutcome.Refused("Conversation not found."));
    assertThat(send(CHANNEL, "x".repeat(60_000)))
        .isEqualTo(new SendOutcome.Refused("Message size too large."));
    teams.fail(FakeTeams.Fault.PRECONDITION);
    assertThat(send(CHANNEL, "x")).isInstanceOf(SendOutcome.Failed.class);
    assertThat(send(CHANNEL, ChatText.of("x"), Optional.of("1")))
        .isInstanceOf(SendOutcome.Vanished.class);
    assertThat(teams.messages()).isEmpty();
  }

  @Test
  void aTokenThatIsNotTakenAnyMoreIsReplacedAndTheMessageIsThereOnce() {
    assertThat(send(CHANNEL, "one")).isInstanceOf(SendOutcome.Sent.class);
    teams.expireTokens();
    assertThat(send(CHANNEL, "two")).isInstanceOf(SendOutcome.Sent.class);
    assertThat(teams.messages()).extracting(FakeTeams.Message::text).containsExactly("one", "two");
    assertThat(teams.tokenRequests()).isEqualTo(2);
  }

  private Optional<String> sent(SendOutcome outcome) {
    return Optional.of(((SendOutcome.Sent) outcome).remoteId());
  }

  private String shown() {
    return teams.messages().getLast().text();
  }

  @Test
  void aTextThatGrowsIsAStreamWhereOnePersonReadsIt() {
    ChatText working = ChatText.growing("", "Working …");
    Optional<String> id = sent(send("a:1", working, Optional.empty()));
    assertThat(shown()).isEqualTo("_Working …_");
    id = sent(send("a:1", ChatText.growing("One", "Using x …"), id));
    assertThat(shown()).isEqualTo("One");
    id = sent(send("a:1", ChatText.growing("One two", ""), id));
    Optional<String> again = sent(send("a:1", ChatText.growing("One two", ""), id));
    assertThat(again).isNotEqualTo(id);
    Optional<String> whole = sent(send("a:1", ChatText.of("One two three"), again));
    assertThat(whole).contains(teams.messages().getFirst().id());
    assertThat(sent(send("a:1", ChatText.of("changed"), whole))).isEqualTo(whole);
    assertThat(shown()).isEqualTo("changed");
    assertThat(teams.messages()).hasSize(1);
    // The same answer again, where nobody knows whether it arrived.
    assertThat(sent(send("a:1", ChatText.of("changed"), again))).isEqualTo(whole);
    assertThat(teams.messages()).hasSize(1);
    assertThat(sent(send(CHANNEL, working, Optional.empty())))
        .contains(teams.messages().getLast().id());
  }

  @Test
  void aStreamThatTeamsEndsOrThatSaysSomethingElseGoesOnAsAMessage() {
    Optional<String> id = sent(send("a:1", ChatText.growing("One", ""), Optional.empty()));
    id = sent(send("a:1", ChatText.growing("Two", ""), id));
    assertThat(shown()).isEqualTo("Two");
    assertThat(id).contains(teams.messages().getFirst().id());
    Optional<String> other = sent(send("a:2", ChatText.growing("One", ""), Optional.empty()));
    teams.endStreams();
    other = sent(send("a:2", ChatText.growing("One", "Using x …"), other));
    assertThat(shown()).isEqualTo("One\n\n_Using x …_");
    sent(send("a:2", ChatText.of("One two"), other));
    assertThat(shown()).isEqualTo("One two");
    assertThat(teams.messages()).hasSize(2);
  }
}
