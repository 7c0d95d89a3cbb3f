package dev.concert.ensemble.provider.cloud;

import static dev.concert.ensemble.provider.cloud.PlayedBedrock.MESSAGES;
import static dev.concert.ensemble.provider.cloud.PlayedBedrock.SECRET;
import static dev.concert.ensemble.provider.cloud.PlayedBedrock.WIRE;
import static dev.concert.ensemble.provider.cloud.PlayedBedrock.begin;
import static dev.concert.ensemble.provider.cloud.PlayedBedrock.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.Sse;
import dev.concert.testing.vendor.EventStream;
import dev.concert.testing.vendor.FakeAnswer;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Bedrock refuses, and how its streams fail. */
class BedrockFaultTest {
  private PlayedCloud cloud;
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() {
    cloud = new PlayedCloud();
    cloud.script(PlayedBedrock::answer);
    ensemble = PlayedBedrock.open(cloud, "AKIDTEST:" + SECRET);
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private HttpResponse<String> messages(String more) {
    return ensemble.client().post("/v1/messages", MESSAGES.replace("MORE", more));
  }

  private Sse ask(String model) {
    return ensemble.client().stream(Requests.ofModel(model));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"mcp_servers\":[{\"url\":\"https://evil\"}],",
        "\"service_tier\":\"priority\",",
        "\"amazon-bedrock-guardrailConfig\":{\"streamProcessingMode\":\"ASYNCHRONOUS\"},",
        "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}],"
      })
  void whatNeedsTheOperatorsPermissionIsRefusedHereToo(String field) {
    assertThat(messages(field).statusCode()).isEqualTo(400);
    assertThat(cloud.askedTimes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "400, ThrottlingException, is over its rate limit",
    "429, ThrottlingException, is over its rate limit",
    "408, ModelTimeoutException, failed",
    "424, ModelErrorException, failed",
    "500, InternalServerException, failed",
    "503, ServiceUnavailableException, is overloaded",
    "429, ModelNotReadyException, is overloaded",
    "404, ResourceNotFoundException, does not know the model",
    "400, ServiceQuotaExceededException, requires payment or more quota",
    "403, AccessDeniedException, does not let its credentials use the model",
    "403, ExpiredTokenException, says that its credentials have expired",
    "400, ValidationException, refused the request"
  })
  void eachExceptionIsUnderstood(int status, String name, String meaning) {
    cloud.answer(status, "{'message':'So it is.'}", "x-amzn-ErrorType", name + ":http://x/");

    assertThat(messages("").body()).contains(meaning);
  }

  @Test
  void aPromptThatIsTooLongIsNamedSo() {
    cloud.answer(
        400,
        "{'__type':'com.amazon.coral#ValidationException',"
            + "'message':'Input is too long for requested model.'}");

    assertThat(ask("model-0").errorCode()).isEqualToIgnoringCase("CONTEXT_TOO_LONG");
  }

  @ParameterizedTest
  @CsvSource({
    "throttlingException, PROVIDER_RATE_LIMITED",
    "modelStreamErrorException, PROVIDER_FAILED",
    "modelTimeoutException, PROVIDER_FAILED",
    "internalServerException, PROVIDER_FAILED",
    "serviceUnavailableException, PROVIDER_OVERLOADED"
  })
  void anExceptionInTheStreamEndsIt(String name, String code) {
    cloud.script(
        (asked, to) -> {
          begin(to);
          WIRE.events(FakeAnswer.text("Half")).stream()
              .limit(4)
              .forEach(event -> to.write(frame(event)));
          to.end(EventStream.frame("exception:" + name, "{\"message\":\"So it is.\"}"));
        });

    Sse answer = ask("model-0");

    assertThat(answer.last().name()).isEqualTo("error");
    assertThat(answer.errorCode()).isEqualToIgnoringCase(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"damaged", "cut", "endless", "nonsense"})
  void aBrokenStreamIsNeverAnAnswer(String how) {
    cloud.script(
        (asked, to) -> {
          begin(to);
          Buffer whole = Buffer.buffer();
          WIRE.events(FakeAnswer.text("Half")).forEach(event -> whole.appendBuffer(frame(event)));
          switch (how) {
            case "damaged" -> whole.setByte(whole.length() - 30, (byte) 1);
            case "endless" -> whole.setBytes(0, new byte[] {0x7f, 0, 0, 0});
            case "nonsense" -> whole.setBytes(0, "hello, world".getBytes(StandardCharsets.UTF_8));
            default -> {
              // Cut in the middle of the last frame.
            }
          }
          to.end(how.equals("cut") ? whole.slice(0, whole.length() - 9) : whole);
        });

    Sse answer = ask("model-0");

    assertThat(answer.status() == 502 || answer.last().name().equals("error")).isTrue();
  }

  @Test
  void framesMayComeInPiecesOfOneByte() {
    cloud.script(
        (asked, to) -> {
          begin(to);
          for (String event : WIRE.events(FakeAnswer.text("Grüße ", "🎻"))) {
            for (byte one : frame(event).getBytes()) {
              to.write(Buffer.buffer(new byte[] {one}));
            }
          }
          to.end();
        });

    assertThat(ask("model-0").joined("text")).isEqualTo("Grüße 🎻");
  }

  @Test
  void aClientThatGoesAwayEndsTheCallAtAmazon() {
    Promise<Void> closed = Promise.promise();
    cloud.script(
        (asked, to) -> {
          to.closeHandler(gone -> closed.tryComplete());
          begin(to);
          WIRE.events(FakeAnswer.text("first")).stream()
              .limit(4)
              .forEach(event -> to.write(frame(event)));
        });
    NetSocket client =
        RunningEnsemble.await(
            ensemble.vertx().createNetClient().connect(ensemble.port(), "127.0.0.1"));
    Promise<Buffer> first = Promise.promise();
    client.handler(first::tryComplete);
    String body = Requests.ofModel("model-0");
    client.write(
        "POST /api/v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(RunningEnsemble.KEY, body.getBytes(StandardCharsets.UTF_8).length, body));
    RunningEnsemble.await(first.future());

    client.close();

    RunningEnsemble.await(closed.future());
  }
}
