package dev.concert.platform.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.testing.PlayedProxy;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What `concert doctor` says of the models of clouds, which check signatures and keys here. */
class CloudCheckTest {
  private static final Map<String, String> KEYS =
      Map.of(
          "PLAYED_AWS_KEY",
          FakeVendor.AWS_KEY,
          "PLAYED_KEY",
          FakeVendor.KEY,
          "AZURE_OPENAI_API_KEY",
          FakeVendor.KEY);

  private static VendorWire wire(String type) {
    return VendorWires.clouds().stream()
        .filter(wire -> wire.toString().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static CheckResult check(
      FakeVendor cloud, JsonObject more, Map<String, String> environment) {
    JsonObject settings = cloud.wire().settings();
    JsonObject provider =
        new JsonObject()
            .put("name", "cloud")
            .put("baseUrl", cloud.url())
            .put("models", new JsonArray().add(new JsonObject().put("id", "claude-of-the-cloud")))
            .mergeIn(settings)
            .mergeIn(more);
    if (provider.getValue("region") == null) {
      provider.remove("region");
    }
    if (settings.getString("type").equals("vertex")) {
      provider.put("apiKeyEnv", "PLAYED_KEY");
    }
    JsonObject config =
        new JsonObject().put("retrySeconds", 0).put("providers", new JsonArray().add(provider));
    List<CheckResult> results =
        CloudCheck.of(
            () -> EnsembleOptions.from(new JsonObject().put("ensemble", config), environment));
    assertThat(results).hasSize(1);
    assertThat(results.toString()).doesNotContain(FakeVendor.KEY);
    return results.getFirst();
  }

  @ParameterizedTest
  @CsvSource({"bedrock", "vertex", "azure"})
  void anAccessThatWorksIsSaidToWork(String type) {
    try (FakeVendor cloud = new FakeVendor(wire(type))) {
      cloud.answer(FakeAnswer.text("OK"));

      CheckResult result = check(cloud, new JsonObject(), KEYS);

      assertThat(result.state()).as(result.detail()).isEqualTo(CheckResult.State.OK);
      assertThat(result.detail()).isEqualTo("claude-of-the-cloud answers");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bedrock | 403 | ExpiredTokenException | have expired | aws sso login",
        "bedrock | 403 | AccessDeniedException | does not let | request access to the model",
        "bedrock | 403 | UnrecognizedClientException | rejected | belong together",
        "bedrock | 404 | ResourceNotFoundException | does not know the model | region"
            + " 'eu-central-1'",
        "bedrock | 400 | ValidationException | refused the request | not every model is in every"
            + " region",
        "vertex | 403 | | rejected | Vertex AI User in the project 'played'",
        "vertex | 404 | | does not know the model | the location 'europe-west1'",
        "azure | 401 | | rejected | AZURE_OPENAI_API_KEY is one of the resource",
        "azure | 404 | | does not know the model | name of a deployment",
      })
  void eachRefusalSaysWhatToDo(String type, int status, String name, String said, String remedy) {
    try (FakeVendor cloud = new FakeVendor(wire(type))) {
      cloud.script(
          (asked, to) ->
              to.setStatusCode(status)
                  .putHeader("content-type", "application/json")
                  .putHeader("x-amzn-errortype", name == null ? "" : name)
                  .end(
                      new JsonObject()
                          .put("error", new JsonObject().put("message", "No."))
                          .encode()));

      CheckResult result = check(cloud, new JsonObject(), KEYS);

      assertThat(result.state()).isEqualTo(CheckResult.State.FALLBACK);
      assertThat(result.detail()).contains(said);
      assertThat(result.remedy()).contains(remedy);
    }
  }

  @Test
  void aCloudIsAskedThroughTheProxyAndAWrongProxyIsNamed() {
    Vertx vertx = Vertx.vertx();
    try (FakeVendor cloud = new FakeVendor(wire("azure"))) {
      cloud.answer(FakeAnswer.text("OK"));
      PlayedProxy proxy = PlayedProxy.start(vertx);
      JsonObject far =
          new JsonObject().put("baseUrl", cloud.url().replace("127.0.0.1", "cloud.example"));
      Map<String, String> environment = new HashMap<>(KEYS);
      environment.putAll(proxy.environment(""));

      assertThat(check(cloud, far, environment).state()).isEqualTo(CheckResult.State.OK);
      assertThat(proxy.lines()).singleElement().asString().startsWith("POST http://cloud.example:");

      environment.put("HTTPS_PROXY", "ftp://user:secret@proxy.example");
      CheckResult wrong = check(cloud, far, environment);
      assertThat(wrong.state()).isEqualTo(CheckResult.State.MISSING);
      assertThat(wrong.detail())
          .contains("HTTPS_PROXY must be the URL of a proxy")
          .doesNotContain("secret");
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void whatIsMissingOrWrongIsNamed() {
    Map<String, String> wrong = new HashMap<>(KEYS);
    wrong.put("PLAYED_AWS_KEY", "AKIDPLAYED0123456789:another-secret");
    wrong.put("AZURE_OPENAI_API_KEY", "another-key");
    wrong.put("PLAYED_KEY", "{}");
    try (FakeVendor bedrock = new FakeVendor(wire("bedrock"));
        FakeVendor vertex = new FakeVendor(wire("vertex"));
        FakeVendor azure = new FakeVendor(wire("azure"))) {
      assertThat(check(bedrock, new JsonObject(), wrong).remedy()).contains("belong together");
      assertThat(check(bedrock, new JsonObject().put("region", "us-east-1"), KEYS).remedy())
          .contains("the region 'us-east-1' is right");
      assertThat(check(azure, new JsonObject(), wrong).remedy()).contains("has its own keys");
      assertThat(check(azure, new JsonObject(), Map.of()).remedy())
          .contains("set AZURE_OPENAI_API_KEY");
      assertThat(check(vertex, new JsonObject(), wrong).remedy())
          .contains("JSON key of a service account");
      CheckResult noRegion = check(bedrock, new JsonObject().putNull("region"), Map.of());
      assertThat(noRegion.state()).isEqualTo(CheckResult.State.MISSING);
      assertThat(noRegion.detail()).contains("region", "AWS_REGION");
    }
  }
}
