package dev.concert.bridges.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concert.bridges.http.ChatReply;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When an access token is fetched. */
class ChatTokensTest {
  private Instant now = Instant.EPOCH;
  private final ChatTokens tokens = new ChatTokens(() -> now);
  private final List<Promise<ChatReply>> asked = new ArrayList<>();
  private final List<String> used = new ArrayList<>();

  private Future<ChatReply> call(ChatReply reply) {
    return tokens.call(
        "c1",
        () -> {
          asked.add(Promise.promise());
          return asked.getLast().future();
        },
        authorization -> {
          used.add(authorization);
          return Future.succeededFuture(reply);
        });
  }

  private static ChatReply token(String token) {
    return new ChatReply.Ok(
        Json.MAPPER.createObjectNode().put("access_token", token).put("expires_in", 3600),
        Duration.ZERO);
  }

  private static ChatReply done() {
    return new ChatReply.Ok(MissingNode.getInstance(), Duration.ZERO);
  }

  @Test
  void callsAtTheSameTimeShareOneTokenUntilShortlyBeforeItEnds() {
    call(done());
    call(done());
    assertThat(asked).hasSize(1);
    asked.getFirst().complete(token("one"));
    now = now.plusSeconds(3600 - 121);
    call(done());
    assertThat(used).containsExactly("Bearer one", "Bearer one", "Bearer one");
    now = now.plusSeconds(1);
    call(done());
    asked.getLast().complete(token("two"));
    assertThat(used).hasSize(4).last().isEqualTo("Bearer two");
  }

  @Test
  void aTokenThatIsNotTakenIsReplacedOnce() {
    ChatReply unauthorized = new ChatReply.Refused(401, MissingNode.getInstance());
    Future<ChatReply> reply = call(unauthorized);
    asked.getFirst().complete(token("one"));
    asked.getLast().complete(token("two"));
    assertThat(used).containsExactly("Bearer one", "Bearer two");
    assertThat(reply.result()).isEqualTo(unauthorized);
    assertThat(asked).hasSize(2);
  }

  @Test
  void withoutATokenNothingIsSentAndTheNextCallAsksAgain() {
    Future<ChatReply> unknown = call(done());
    asked.getFirst().complete(new ChatReply.Unknown("HTTP 503"));
    assertThat(unknown.result()).isEqualTo(new ChatReply.Unreached("HTTP 503"));
    Future<ChatReply> refused = call(done());
    asked.getLast().complete(new ChatReply.Refused(400, MissingNode.getInstance()));
    assertThat(refused.result()).isInstanceOf(ChatReply.Refused.class);
    assertThat(used).isEmpty();
    assertThat(asked).hasSize(2);
  }
}
