package dev.concert.bridges.googlechat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.http.ChatHttp;
import dev.concert.bridges.platform.KeptInbox;
import dev.concert.bridges.token.ChatTokens;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.testing.Await;
import dev.concert.testing.chat.FakeGoogleChat;
import dev.concert.testing.chat.GoogleChatEvents;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is pulled out of a subscription, whatever happens meanwhile. */
class GoogleChatPullTest {
  private final Vertx vertx = Vertx.vertx();
  private final FakeGoogleChat google = new FakeGoogleChat();
  private final KeptInbox inbox = new KeptInbox();
  private int numbers;

  private GoogleChatPull pull() {
    GoogleChatApi api =
        new GoogleChatApi(
            vertx,
            new ChatHttp(vertx, OutboundProxies.NONE),
            new ChatTokens(InstantSource.system()),
            PlayedGoogle.endpoints(google));
    GoogleChatPull pull =
        new GoogleChatPull(vertx, api, PlayedGoogle.connection(google, true), inbox);
    vertx.runOnContext(_ -> pull.start());
    return pull;
  }

  private void say(String text) {
    google.publish(
        1,
        GoogleChatEvents.message(
            "M" + ++numbers, "spaces/D1", "spaces/D1/threads/T", "anne", text));
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    google.close();
  }

  @Test
  void whatWaitedIsPulledAndAcknowledgedOnceItIsTakenAlsoWhatIsNoEvent() {
    say("one");
    google.publish(1, new JsonObject().put("type", "MESSAGE").put("space", 7));
    say("two");
    inbox.refusals = 1;
    GoogleChatPull pull = pull();
    Await.until("all taken", () -> google.unacknowledged(1) == 0);
    assertThat(inbox.texts()).isEqualTo(List.of("one", "two"));
    assertThat(pull.health().isConnected()).isTrue();
  }

  @Test
  void aTokenThatIsNotTakenAnyMoreIsReplaced() {
    pull();
    say("one");
    Await.until("one", () -> google.unacknowledged(1) == 0);
    int before = google.tokenRequests();
    assertThat(before).isEqualTo(1);
    google.expireTokens();
    say("two");
    Await.until("two", () -> inbox.texts().equals(List.of("one", "two")));
    assertThat(google.tokenRequests()).isEqualTo(2);
  }
}
