package dev.concert.bridges.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.error.Problem;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.Await;
import dev.concert.testing.chat.FakeMatrix;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a homeserver may send, and what a bridge needs. */
class MatrixRequestsTest {
  private static final String TRANSACTION = "/_matrix/app/v1/transactions/7";

  private final Vertx vertx = Vertx.vertx();
  private final FakeMatrix matrix = new FakeMatrix();
  private final MatrixPlatform platform =
      new MatrixPlatform(
          new ChatNetwork(vertx, OutboundProxies.NONE),
          new MatrixOptions(List.of(matrix.api() + "/")),
          new RateBudgets(vertx));
  private final ChatConnection connection =
      new ChatConnection(
          "c1",
          "acme",
          "matrix",
          "played",
          new Account(FakeMatrix.bot(1), "played.test", FakeMatrix.bot(1)),
          Map.of(),
          secrets(FakeMatrix.asToken(1), FakeMatrix.hsToken(1)),
          0);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    matrix.close();
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private Map<String, String> secrets(String asToken, String hsToken) {
    return Map.of("homeserver", matrix.api().toString(), "asToken", asToken, "hsToken", hsToken);
  }

  private WebhookResult read(String method, String path, String body) {
    WebhookResult result =
        platform.read(
            connection,
            new DeliverWebhook(
                "matrix",
                "c1",
                method,
                path,
                Map.of("authorization", "Bearer " + FakeMatrix.hsToken(1)),
                body.getBytes(StandardCharsets.UTF_8)));
    return result instanceof WebhookResult.Later later ? get(later.result()) : result;
  }

  private List<InboundEvent> events(JsonObject... events) {
    String body = new JsonObject().put("events", new JsonArray(List.of(events))).encode();
    return ((WebhookResult.Events) read("PUT", TRANSACTION, body)).events();
  }

  private JsonObject said(String room, String text) {
    return matrix.say(
        room,
        FakeMatrix.user("anne"),
        "m.room.message",
        new JsonObject().put("msgtype", "m.text").put("body", text));
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,  /_matrix/app/v1/transactions/7, 400",
    "POST, /_matrix/app/v1/ping, 200",
    "GET,  /_matrix/app/v1/users/@x:y, 404",
    "GET,  /_matrix/app/v1/rooms/x, 404",
    "GET,  /_matrix/app/v1/thirdparty/protocol/x, 404",
    "POST, /_matrix/app/v1/transactions/7, 404",
    "PUT,  /transactions/7, 404"
  })
  void aRequestGetsTheReplyThatTheProtocolSays(String method, String path, int status) {
    WebhookResult result = read(method, path, "{\"events\":7}");
    assertThat(((WebhookResult.Answer) result).reply().status()).isEqualTo(status);
  }

  /** A homeserver sends nothing else until it got a 200. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":7}",
        "{\"type\":\"m.room.message\",\"room_id\":\"ROOM\",\"content\":\"x\"}",
        "{\"type\":\"m.room.message\",\"room_id\":\"!gone:a\",\"sender\":\"@a:b\"}",
        "{\"type\":\"m.room.redaction\",\"room_id\":\"ROOM\",\"sender\":\"@a:b\"}",
        "{\"type\":\"m.reaction\",\"room_id\":\"ROOM\",\"sender\":\"@a:b\",\"content\":{}}",
        "{\"type\":\"m.room.member\",\"room_id\":\"ROOM\"}",
        "{\"type\":\"m.call.invite\",\"room_id\":\"ROOM\"}"
      })
  void whatNobodyUnderstandsIsPassedOver(String event) {
    String room = matrix.newRoom(true);
    JsonObject odd = new JsonObject(event.replace("ROOM", room));
    assertThat(events(odd, said(room, "hello")))
        .extracting(InboundEvent::text)
        .containsExactly("hello");
  }

  @Test
  void whatBotsSayIsNotForUs() {
    String room = matrix.newRoom(true);
    JsonObject notice = said(room, "I am a bot");
    notice.getJsonObject("content").put("msgtype", "m.notice");
    JsonObject own = said(room, "mine").put("sender", FakeMatrix.bot(1));
    assertThat(events(notice, own)).isEmpty();
  }

  @Test
  void ourNameInFrontOrAPillIsAMentionAndARoomHasThreads() {
    String room = matrix.newRoom(false);
    List<InboundEvent> heard =
        events(
            said(room, "concert1: mend it"),
            said(room, "concert1 is slow today"),
            said(room, "ask " + FakeMatrix.bot(1) + " then"),
            said(room, "ask " + FakeMatrix.bot(1) + "er"));
    assertThat(heard).extracting(InboundEvent::isMention).containsExactly(true, false, true, false);
    assertThat(heard.getFirst().text()).isEqualTo("mend it");
    assertThat(heard.getFirst().conversation())
        .isEqualTo(room + "|" + heard.getFirst().eventId().substring(2));
    assertThat(heard.getFirst().channel()).isEqualTo(room);
  }

  @Test
  void anEncryptedRoomIsToldOnceThatTheBotCannotRead() {
    String room = matrix.newRoom(true);
    JsonObject secret =
        matrix.say(room, FakeMatrix.user("anne"), "m.room.encrypted", new JsonObject());
    assertThat(events(secret, secret)).isEmpty();
    Await.until("the notice", () -> matrix.events(room).size() == 2);
    assertThat(matrix.events(room).getLast().getJsonObject("content").getString("body"))
        .startsWith("This room is encrypted");
    assertThat(events(said(room, "hello"))).hasSize(1);
    assertThat(matrix.events(room)).hasSize(3);
  }

  @Test
  void whatIsSaidWhileTheHomeserverDoesNotAnswerComesAgain() {
    JsonObject hello = said(matrix.newRoom(true), "hello");
    matrix.close();
    String body = new JsonObject().put("events", new JsonArray().add(hello)).encode();
    DeliverWebhook webhook =
        new DeliverWebhook(
            "matrix",
            "c1",
            "PUT",
            TRANSACTION,
            Map.of("authorization", "Bearer " + FakeMatrix.hsToken(1)),
            body.getBytes(StandardCharsets.UTF_8));
    Future<WebhookResult> read =
        ((WebhookResult.Later) platform.read(connection, webhook)).result();
    assertThat(get(read.map("taken").otherwise("not taken"))).isEqualTo("not taken");
  }

  private String refusal(Map<String, String> secrets) {
    return get(
        platform
            .verify(Map.of(), secrets)
            .map("")
            .otherwise(failure -> Problem.of(failure).message()));
  }

  @Test
  void onlyGoodTokensOfAHomeserverOfTheOperatorsListAreTaken() {
    String token = FakeMatrix.asToken(1);
    assertThat(refusal(secrets(token, FakeMatrix.hsToken(1)))).isEmpty();
    assertThat(refusal(secrets(token, token))).contains("two texts");
    assertThat(refusal(secrets(token, "short"))).contains("32 to 255");
    assertThat(refusal(secrets("x".repeat(40), FakeMatrix.hsToken(1))))
        .contains("app_service_config_files")
        .doesNotContain("xxx");
    assertThat(refusal(Map.of("homeserver", "http://internal", "asToken", token, "hsToken", token)))
        .contains("'http://internal'", "bridges.matrix.homeservers");
  }

  @Test
  void markdownIsHtmlAndWhatIsHtmlIsText() {
    assertThat(MatrixMarkdown.html("plain & simple")).isEmpty();
    assertThat(MatrixMarkdown.html("one\n- a\n- `b`").orElseThrow())
        .isEqualTo("<p>one</p>\n<ul>\n<li>a</li>\n<li><code>b</code></li>\n</ul>");
    assertThat(MatrixMarkdown.html("say <script>x</script> *y*").orElseThrow())
        .doesNotContain("<script>")
        .contains("<em>y</em>");
    assertThat(MatrixMarkdown.html("[x](javascript:alert(1))").orElseThrow())
        .doesNotContain("javascript");
    assertThat(MatrixMarkdown.html("> ".repeat(10_000) + "deep").orElseThrow()).contains("deep");
  }
}
