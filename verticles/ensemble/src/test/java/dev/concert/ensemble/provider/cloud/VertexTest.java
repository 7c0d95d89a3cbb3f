package dev.concert.ensemble.provider.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.Sse;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.FakeVendor.Asked;
import dev.concert.testing.vendor.GeminiWire;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google Vertex AI, whose token server checks the signature of a service account. */
class VertexTest {
  private static final String ACCOUNT = "played@project.iam.gserviceaccount.com";
  private static final String SETTINGS =
      "{'type':'vertex','project':'my-project','location':'europe-west1','apiKeyEnv':'KEY'}";
  private static final List<String> MODELS = List.of("claude-played@20260101", "gemini-played");
  private static final String MESSAGES =
      "{\"model\":\"model-0\",\"max_tokens\":50,\"stream\":true,\"new_field\":{\"a\":1},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static KeyPair keys;

  private final AtomicInteger tokens = new AtomicInteger();
  private volatile int lifeSeconds = 3600;
  private volatile String valid = "";
  private PlayedCloud cloud;

  @BeforeAll
  static void makeKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
  }

  @BeforeEach
  void start() {
    cloud = new PlayedCloud();
    cloud.script(this::answer);
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private String serviceAccount(KeyPair signedBy) {
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(signedBy.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    return new JsonObject()
        .put("type", "service_account")
        .put("client_email", ACCOUNT)
        .put("private_key_id", "key-1")
        .put("private_key", pem)
        .put("token_uri", cloud.url() + "/token")
        .encode();
  }

  private void answer(Asked asked, HttpServerResponse to) {
    if (asked.path().equals("/token")) {
      token(asked, to);
    } else if (!("Bearer " + valid).equals(asked.headers().get("Authorization"))) {
      to.setStatusCode(401)
          .putHeader("content-type", "application/json")
          .end(
              "{\"error\":{\"code\":401,\"message\":\"Request had invalid authentication"
                  + " credentials.\",\"status\":\"UNAUTHENTICATED\"}}");
    } else {
      FakeVendor.begin(to);
      FakeAnswer answer = FakeAnswer.text("Yes.");
      (asked.path().contains("/google/")
              ? new GeminiWire().events(answer)
              : new AnthropicWire().events(answer))
          .forEach(to::write);
      to.end();
    }
  }

  /** As Google: a wrong signature gets its own error. */
  private void token(Asked asked, HttpServerResponse to) {
    to.putHeader("content-type", "application/json");
    if (!isSigned(asked.body())) {
      to.setStatusCode(400)
          .end("{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}");
      return;
    }
    valid = "ya29.token-" + tokens.incrementAndGet();
    to.end(
        new JsonObject()
            .put("access_token", valid)
            .put("expires_in", lifeSeconds)
            .put("token_type", "Bearer")
            .encode());
  }

  private boolean isSigned(String form) {
    String decoded = URLDecoder.decode(form, StandardCharsets.UTF_8);
    String[] jwt = decoded.replaceFirst("(?s).*assertion=([^&]+).*", "$1").split("\\.");
    JsonNode claims =
        EnsembleClient.json(
            new String(Base64.getUrlDecoder().decode(jwt[1]), StandardCharsets.UTF_8));
    try {
      Signature check = Signature.getInstance("SHA256withRSA");
      check.initVerify(keys.getPublic());
      check.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
      return check.verify(Base64.getUrlDecoder().decode(jwt[2]))
          && decoded.contains("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer")
          && claims.path("iss").asText().equals(ACCOUNT)
          && claims.path("aud").asText().equals(cloud.url() + "/token")
          && claims.path("scope").asText().endsWith("/auth/cloud-platform")
          && claims.path("exp").asLong() - claims.path("iat").asLong() <= 3600;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private RunningEnsemble ensemble() {
    return cloud.ensemble(SETTINGS, Map.of("KEY", serviceAccount(keys)), MODELS);
  }

  /** The request after the one for a token. */
  private Asked askedAfterToken() {
    Asked first = cloud.asked();
    return first.path().equals("/token") ? cloud.asked() : first;
  }

  private static HttpResponse<String> messages(RunningEnsemble ensemble) {
    return ensemble.client().post("/v1/messages", MESSAGES);
  }

  @Test
  void claudeGetsTheClientsOwnBody() {
    assertThat(messages(ensemble()).body()).contains("message_start", "Yes.");

    Asked asked = askedAfterToken();
    assertThat(asked.path())
        .isEqualTo(
            "/v1/projects/my-project/locations/europe-west1/publishers/anthropic/models/"
                + "claude-played%4020260101:streamRawPredict");
    JsonNode body = EnsembleClient.json(asked.body());
    assertThat(body.path("anthropic_version").asText()).isEqualTo("vertex-2023-10-16");
    assertThat(body.path("new_field").path("a").asInt()).isOne();
    assertThat(body.has("model")).isFalse();
  }

  @Test
  void betasThatGoogleDoesNotHaveAreLeftOutAndNamed() {
    RunningEnsemble ensemble = ensemble();
    HttpResponse<String> answer =
        ensemble
            .client()
            .send(
                ensemble
                    .client()
                    .request("/v1/messages", MESSAGES)
                    .header("anthropic-beta", "files-api-2025-04-14,context-1m-2025-08-07")
                    .build());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map().toString()).contains("files-api-2025-04-14");
    assertThat(askedAfterToken().headers().get("anthropic-beta"))
        .isEqualTo("context-1m-2025-08-07");
  }

  @Test
  void geminiGetsTheClientsOwnBody() {
    String answer =
        ensemble()
            .client()
            .post(
                "/v1beta/models/model-1:streamGenerateContent?alt=sse",
                "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}],\"labels\":{\"a\":\"b\"}}")
            .body();

    assertThat(answer).contains("Yes.");
    Asked asked = askedAfterToken();
    assertThat(asked.path())
        .isEqualTo(
            "/v1/projects/my-project/locations/europe-west1/publishers/google/models/"
                + "gemini-played:streamGenerateContent");
    assertThat(asked.query()).isEqualTo("alt=sse");
    JsonNode body = EnsembleClient.json(asked.body());
    assertThat(body.at("/contents/0/role").asText()).isEqualTo("user");
    assertThat(body.at("/labels/a").asText()).isEqualTo("b");
  }

  @Test
  void manyCallsAtOnceFetchOneToken() {
    RunningEnsemble ensemble = ensemble();
    EnsembleClient client = ensemble.client();

    List<CompletableFuture<Sse>> calls =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> client.stream(Requests.ofModel("model-" + i % 2))))
            .toList();

    assertThat(calls).allSatisfy(call -> assertThat(call.join().joined("text")).isEqualTo("Yes."));
    assertThat(tokens).hasValue(1);
  }

  @Test
  void aTokenWithoutLifeIsNotKept() {
    lifeSeconds = 0;
    RunningEnsemble ensemble = ensemble();

    assertThat(messages(ensemble).statusCode()).isEqualTo(200);
    assertThat(messages(ensemble).statusCode()).isEqualTo(200);

    assertThat(tokens).hasValue(2);
  }

  @Test
  void aTokenThatWasWithdrawnIsReplacedWithinTheCall() {
    RunningEnsemble ensemble = ensemble();
    assertThat(messages(ensemble).statusCode()).isEqualTo(200);
    valid = "something-else";

    assertThat(messages(ensemble).statusCode()).isEqualTo(200);

    assertThat(tokens).hasValue(2);
  }

  @Test
  void aWrongKeyIsRefusedAndNothingOfItIsShown() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String key = serviceAccount(generator.generateKeyPair());

    HttpResponse<String> refused = messages(cloud.ensemble(SETTINGS, Map.of("KEY", key), MODELS));

    assertThat(refused.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(refused.body())
        .contains("does not sign Ensemble in (400, invalid_grant)")
        .doesNotContain("PRIVATE KEY", ACCOUNT);
  }

  @Test
  void aKeyThatIsNoneSaysSoWithoutShowingIt() {
    String key = new JsonObject(serviceAccount(keys)).put("private_key", "c2VjcmV0").encode();

    HttpResponse<String> refused = messages(cloud.ensemble(SETTINGS, Map.of("KEY", key), MODELS));

    assertThat(refused.body())
        .contains("are not those of a service account or of gcloud")
        .doesNotContain("c2VjcmV0");
  }

  @Test
  void aKeyMayBeInBase64() {
    String key =
        Base64.getEncoder().encodeToString(serviceAccount(keys).getBytes(StandardCharsets.UTF_8));

    assertThat(messages(cloud.ensemble(SETTINGS, Map.of("KEY", key), MODELS)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void credentialsMayBeInAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("key.json"), serviceAccount(keys));
    RunningEnsemble ensemble =
        cloud.ensemble(
            "{'type':'vertex','location':'us-east5'}",
            Map.of(
                "GOOGLE_APPLICATION_CREDENTIALS",
                file.toString(),
                "GOOGLE_CLOUD_PROJECT",
                "of-the-environment"),
            MODELS);

    assertThat(messages(ensemble).statusCode()).isEqualTo(200);

    assertThat(askedAfterToken().path()).contains("/of-the-environment/locations/us-east5/");
  }

  @Test
  void theMetadataServerOfAMachineGivesTheToken() {
    cloud.script(
        (asked, to) -> {
          if (asked.path().startsWith("/computeMetadata/")) {
            assertThat(asked.headers().get("Metadata-Flavor")).isEqualTo("Google");
            valid = "of-the-machine";
            to.end("{\"access_token\":\"of-the-machine\",\"expires_in\":600}");
          } else {
            answer(asked, to);
          }
        });
    RunningEnsemble ensemble =
        cloud.ensemble(
            "{'type':'vertex','project':'p','metadataUrl':'%s'}".formatted(cloud.url()),
            Map.of(),
            MODELS);

    assertThat(messages(ensemble).statusCode()).isEqualTo(200);

    assertThat(cloud.asked().path()).endsWith("/service-accounts/default/token");
    assertThat(cloud.asked().path()).contains("/locations/global/");
  }

  @Test
  void googleCountsTheTokensOfAPrompt() {
    cloud.answer(200, "{'input_tokens':4321,'totalTokens':77}");
    RunningEnsemble ensemble = cloud.ensemble(SETTINGS, Map.of("KEY", "ya29.mine"), MODELS);

    String claude = ensemble.client().post("/v1/messages/count_tokens", MESSAGES).body();
    String gemini =
        ensemble
            .client()
            .post(
                "/v1beta/models/model-1:countTokens",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}")
            .body();

    assertThat(EnsembleClient.json(claude).path("input_tokens").asInt()).isEqualTo(4321);
    assertThat(EnsembleClient.json(gemini).path("totalTokens").asInt()).isEqualTo(77);
    Asked asked = cloud.asked();
    assertThat(asked.path()).endsWith("/anthropic/models/count-tokens:rawPredict");
    assertThat(EnsembleClient.json(asked.body()).path("model").asText())
        .isEqualTo("claude-played@20260101");
    assertThat(cloud.asked().path()).endsWith("/google/models/gemini-played:countTokens");
  }
}
