package dev.concert.ensemble.provider.cloud;

import static dev.concert.ensemble.provider.cloud.PlayedBedrock.MESSAGES;
import static dev.concert.ensemble.provider.cloud.PlayedBedrock.SECRET;
import static dev.concert.ensemble.provider.cloud.PlayedBedrock.WHOLE;
import static dev.concert.ensemble.provider.cloud.PlayedBedrock.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.Sse;
import dev.concert.ensemble.provider.bedrock.SignatureAuthorization;
import dev.concert.ensemble.provider.upstream.RequestAuthorization.Unsigned;
import dev.concert.testing.vendor.AwsSignature;
import dev.concert.testing.vendor.FakeVendor.Asked;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;

/** Amazon Bedrock, whose server checks each signature with Amazon's own library. */
class BedrockTest {
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

  private RunningEnsemble ensemble(String key) {
    return PlayedBedrock.open(cloud, key);
  }

  private HttpResponse<String> messages(String more) {
    return ensemble.client().post("/v1/messages", MESSAGES.replace("MORE", more));
  }

  private Sse ask(String model) {
    return ensemble.client().stream(Requests.ofModel(model));
  }

  @Test
  void theIdOfAProfileIsEscapedInTheUrlAndInTheSignature() {
    assertThat(ask("model-0").joined("text")).isEqualTo("Yes.");

    assertThat(cloud.asked().path())
        .isEqualTo(
            "/model/arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Ainference-profile%2F"
                + "eu.anthropic.claude-played-v1%3A0/invoke-with-response-stream");
  }

  @Test
  void aTemporaryCredentialBringsItsSessionToken() {
    cloud.close();
    cloud = new PlayedCloud();
    cloud.script(PlayedBedrock::answer);
    ensemble = ensemble("AKIDTEST:" + SECRET + ":session/token==");

    assertThat(ask("model-0").joined("text")).isEqualTo("Yes.");

    Asked asked = cloud.asked();
    assertThat(asked.headers().get("X-Amz-Security-Token")).isEqualTo("session/token==");
    assertThat(asked.headers().get("Authorization")).contains("x-amz-security-token");
  }

  @Test
  void anApiKeyOfBedrockIsABearerToken() {
    cloud.close();
    cloud = new PlayedCloud();
    cloud.answer(200, WHOLE);
    ensemble = ensemble("bedrock-api-key-played");

    assertThat(messages("").statusCode()).isEqualTo(200);

    assertThat(cloud.asked().headers().get("Authorization"))
        .isEqualTo("Bearer bedrock-api-key-played");
  }

  @Test
  void aWrongSecretIsRefusedAndNothingOfItIsShown() {
    cloud.close();
    cloud = new PlayedCloud();
    cloud.script(PlayedBedrock::answer);
    ensemble = ensemble("AKIDTEST:another-secret");

    HttpResponse<String> refused = messages("");

    assertThat(refused.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(refused.body())
        .contains("rejected its API key")
        .doesNotContain("another-secret", SECRET, "AKIDTEST");
  }

  @Test
  void aClockThatIsWrongIsCorrectedByTheServersTime() {
    ZonedDateTime theirs = ZonedDateTime.now(ZoneOffset.UTC).plusHours(2);
    cloud.script(
        (asked, to) -> {
          String hour = DateTimeFormatter.ofPattern("yyyyMMdd'T'HH").format(theirs);
          String next = DateTimeFormatter.ofPattern("yyyyMMdd'T'HH").format(theirs.plusHours(1));
          String signed = asked.headers().get("X-Amz-Date");
          if (signed.startsWith(hour) || signed.startsWith(next)) {
            answer(asked, to);
          } else {
            to.setStatusCode(403)
                .putHeader("date", DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs))
                .putHeader("x-amzn-errortype", "InvalidSignatureException")
                .end("{\"message\":\"Signature expired: it is earlier than ours\"}");
          }
        });

    assertThat(ask("model-0").joined("text")).isEqualTo("Yes.");
    assertThat(ask("model-0").joined("text")).isEqualTo("Yes.");

    // The first once more with the right time, then it is known.
    assertThat(cloud.askedTimes()).isEqualTo(3);
  }

  @Test
  void claudeGetsTheClientsOwnBodyWithItsCacheMarks() {
    HttpResponse<String> answer =
        messages("\"anthropic_beta\":[\"context-1m-2025-08-07\"],\"new_field\":{\"a\":1},");

    assertThat(answer.body()).contains("message_start", "message_stop", "Yes.");
    JsonNode body = EnsembleClient.json(cloud.asked().body());
    assertThat(body.path("anthropic_version").asText()).isEqualTo("bedrock-2023-05-31");
    assertThat(body.path("anthropic_beta").toString()).isEqualTo("[\"context-1m-2025-08-07\"]");
    assertThat(body.at("/messages/0/content/0/cache_control").toString())
        .isEqualTo("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}");
    assertThat(body.path("new_field").path("a").asInt()).isOne();
    assertThat(body.has("model")).isFalse();
    assertThat(body.has("stream")).isFalse();
  }

  @Test
  void aBetaThatAmazonDoesNotHaveIsLeftOutAndNamed() {
    HttpResponse<String> answer =
        ensemble
            .client()
            .send(
                ensemble
                    .client()
                    .request("/v1/messages", MESSAGES.replace("MORE", ""))
                    .header(
                        "anthropic-beta", "claude-code-20250219,interleaved-thinking-2025-05-14")
                    .build());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map().toString()).contains("anthropic-beta: claude-code-20250219");
    assertThat(EnsembleClient.json(cloud.asked().body()).path("anthropic_beta").toString())
        .isEqualTo("[\"interleaved-thinking-2025-05-14\"]");
  }

  @Test
  void theMarkForAWholeRequestIsSetAtItsEndAndScopesAreLeftOut() {
    String request =
        """
        {"model":"model-0","max_tokens":50,"cache_control":{"type":"ephemeral","ttl":"5m"},
         "system":[{"type":"text","text":"s",
           "cache_control":{"type":"ephemeral","scope":"global"}}],
         "messages":[{"role":"user","content":"hi"}]}\
        """;

    ensemble.client().post("/v1/messages", request);

    JsonNode body = EnsembleClient.json(cloud.asked().body());
    assertThat(body.has("cache_control")).isFalse();
    assertThat(body.at("/system/0/cache_control").toString()).isEqualTo("{\"type\":\"ephemeral\"}");
    assertThat(body.at("/messages/0/content/0").toString())
        .isEqualTo(
            "{\"type\":\"text\",\"text\":\"hi\","
                + "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"5m\"}}");
  }

  @Test
  void amazonCountsTheTokensOfAPrompt() {
    cloud.answer(200, "{'inputTokens':4321}");

    String counted =
        ensemble.client().post("/v1/messages/count_tokens", MESSAGES.replace("MORE", "")).body();

    assertThat(EnsembleClient.json(counted).path("input_tokens").asInt()).isEqualTo(4321);
    Asked asked = cloud.asked();
    assertThat(asked.path()).endsWith("/count-tokens");
    String inner = EnsembleClient.json(asked.body()).at("/input/invokeModel/body").asText();
    assertThat(new String(Base64.getDecoder().decode(inner), StandardCharsets.UTF_8))
        .contains("bedrock-2023-05-31", "cache_control", "\"hi\"");
  }

  @Test
  void otherModelsAreAskedByConverse() {
    cloud.answer(
        200,
        """
        {'output':{'message':{'role':'assistant','content':[{'text':'Sure.'},
          {'toolUse':{'toolUseId':'t1','name':'read_file','input':{'path':'a'}}}]}},
         'stopReason':'tool_use','usage':{'inputTokens':10,'outputTokens':5,
          'cacheReadInputTokens':7,'cacheWriteInputTokens':2}}\
        """);
    String request =
        """
        {"model":"model-1","max_tokens":50,"temperature":0.5,"top_k":4,
         "system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],
         "tools":[{"name":"read_file","description":"d","input_schema":{"type":"object"}}],
         "tool_choice":{"type":"any"},"stop_sequences":["END"],
         "messages":[{"role":"user","content":[{"type":"text","text":"hi"},
           {"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}]},
          {"role":"assistant","content":[
            {"type":"tool_use","id":"t0","name":"read_file","input":{"path":"b"}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t0","is_error":true,
            "content":"gone"}]}]}\
        """;

    JsonNode answer = EnsembleClient.json(ensemble.client().post("/v1/messages", request).body());

    assertThat(answer.path("stop_reason").asText()).isEqualTo("tool_use");
    assertThat(answer.at("/content/1/input/path").asText()).isEqualTo("a");
    assertThat(answer.path("usage").toString())
        .contains("\"input_tokens\":10", "\"cache_read_input_tokens\":7");
    Asked asked = cloud.asked();
    assertThat(asked.path()).isEqualTo("/model/eu.amazon.nova-played-v1%3A0/converse-stream");
    JsonNode body = EnsembleClient.json(asked.body());
    assertThat(body.path("system").toString())
        .isEqualTo("[{\"text\":\"s\"},{\"cachePoint\":{\"type\":\"default\"}}]");
    assertThat(body.at("/messages/0/content/1/image").toString())
        .isEqualTo("{\"format\":\"png\",\"source\":{\"bytes\":\"aGk=\"}}");
    assertThat(body.at("/messages/1/content/0/toolUse").toString())
        .isEqualTo("{\"toolUseId\":\"t0\",\"name\":\"read_file\",\"input\":{\"path\":\"b\"}}");
    assertThat(body.at("/messages/2/content/0/toolResult").toString())
        .contains("\"status\":\"error\"", "[{\"text\":\"gone\"}]");
    assertThat(body.path("inferenceConfig").path("stopSequences").path(0).asText())
        .isEqualTo("END");
    assertThat(body.at("/toolConfig/toolChoice").toString()).isEqualTo("{\"any\":{}}");
    assertThat(body.at("/additionalModelRequestFields/inferenceConfig/topK").asInt()).isEqualTo(4);
  }

  @Test
  void reasoningGoesBackToWhereItCameFromOnly() {
    cloud.answer(
        200,
        """
        {'output':{'message':{'role':'assistant','content':[
          {'reasoningContent':{'reasoningText':{'text':'Hm.','signature':'c2ln'}}},
          {'text':'Sure.'}]}},
         'stopReason':'end_turn','usage':{'inputTokens':1,'outputTokens':1}}\
        """);
    JsonNode first =
        EnsembleClient.json(
            ensemble
                .client()
                .post(
                    "/v1/messages",
                    MESSAGES
                        .replace("MORE", "")
                        .replace("true", "false")
                        .replace("model-0", "model-1"))
                .body());
    cloud.asked();
    String next =
        """
        {"model":"MODEL","max_tokens":50,"messages":[{"role":"user","content":"hi"},
         {"role":"assistant","content":%s},{"role":"user","content":"go on"}]}\
        """
            .formatted(first.path("content"));

    ensemble.client().post("/v1/messages", next.replace("MODEL", "model-1"));
    ensemble.client().post("/v1/messages", next.replace("MODEL", "model-0"));

    assertThat(cloud.asked().body()).contains("\"text\":\"Hm.\",\"signature\":\"c2ln\"");
    assertThat(cloud.asked().body()).contains("Sure.").doesNotContain("Hm.", "c2ln", "signature");
  }

  @Test
  void credentialsComeFromAProfileAndAreAskedForOnce() {
    ProfileFile file =
        ProfileFile.builder()
            .content(
                new ByteArrayInputStream(
                    "[work]\naws_access_key_id = AKIDTEST\naws_secret_access_key = %s\n"
                        .formatted(SECRET)
                        .getBytes(StandardCharsets.UTF_8)))
            .type(ProfileFile.Type.CREDENTIALS)
            .build();
    AtomicInteger chains = new AtomicInteger();
    SignatureAuthorization authorization =
        authorization(
            () -> {
              chains.incrementAndGet();
              return ProfileCredentialsProvider.builder()
                  .profileFile(file)
                  .profileName("work")
                  .build();
            });
    URI uri = URI.create("http://127.0.0.1:1/model/a%3A0/invoke");

    for (int i = 0; i < 2; i++) {
      Map<String, String> headers =
          RunningEnsemble.await(authorization.headers(new Unsigned(uri, Buffer.buffer("{}"))));
      MultiMap sent =
          MultiMap.caseInsensitiveMultiMap()
              .addAll(headers)
              .add("host", "127.0.0.1:1")
              .add("content-type", "application/json");
      Asked asked = new Asked("/model/a%3A0/invoke", null, sent, "{}");
      assertThat(AwsSignature.isRight(asked, "AKIDTEST", SECRET, "eu-central-1")).isTrue();
    }
    assertThat(chains).hasValue(1);
  }

  @Test
  void withoutCredentialsItSaysWhereTheyWereLookedFor() {
    SignatureAuthorization authorization =
        authorization(
            () ->
                () -> {
                  throw SdkClientException.create("secret place /root/.aws");
                });

    assertThatThrownBy(
            () ->
                RunningEnsemble.await(
                    authorization.headers(
                        new Unsigned(URI.create("http://127.0.0.1:1/x"), Buffer.buffer()))))
        .hasMessageContaining("has no credentials")
        .hasMessageNotContaining("/root");
  }

  private SignatureAuthorization authorization(Supplier<AwsCredentialsProvider> chains) {
    return new SignatureAuthorization(
        ensemble.vertx(), "cloud", "eu-central-1", Optional::empty, chains, Clock.systemUTC());
  }

  @Test
  void aGuardrailThatStepsInIsARefusal() {
    cloud.answer(
        200,
        """
        {'output':{'message':{'role':'assistant','content':[{'text':'I cannot.'}]}},
         'stopReason':'guardrail_intervened','usage':{'inputTokens':1,'outputTokens':1}}\
        """);

    assertThat(ask("model-1").last().data().path("finish_reason").asText()).isEqualTo("refusal");
  }
}
