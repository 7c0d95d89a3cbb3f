package dev.concert.testing.vendor;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Claude at Amazon Bedrock, by InvokeModel; source:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html.
 * It checks the signature of every request.
 */
public final class BedrockWire implements VendorWire {
  public static final String REGION = "eu-central-1";

  private static final String KEY_ID = FakeVendor.AWS_KEY.replaceFirst(":.*", "");

  private final AnthropicWire claude = new AnthropicWire();

  @Override
  public String type() {
    return "bedrock";
  }

  @Override
  public String basePath() {
    return "";
  }

  @Override
  public boolean serves(String path) {
    return path.matches("/model/[^/]+/(invoke|invoke-with-response-stream)");
  }

  @Override
  public boolean streams(String path, String body) {
    return path.endsWith("-stream");
  }

  @Override
  public List<String> events(FakeAnswer answer) {
    return claude.events(answer).stream().map(BedrockWire::chunk).toList();
  }

  private static String chunk(String event) {
    byte[] data =
        event.substring(event.indexOf("data: ") + 6).strip().getBytes(StandardCharsets.UTF_8);
    return "event: chunk\n"
        + Sse.data(
            new JsonObject()
                .put("bytes", Base64.getEncoder().encodeToString(data))
                .put("p", "abcdefgh"));
  }

  @Override
  public String whole(FakeAnswer answer) {
    return claude.whole(answer);
  }

  @Override
  public String overloadedEvent() {
    return overloaded();
  }

  static String overloaded() {
    return "event: exception:serviceUnavailableException\n"
        + Sse.data(new JsonObject().put("message", "Bedrock is unable to process your request."));
  }

  @Override
  public String error(int status, String message) {
    return problem(status, message);
  }

  static String problem(int status, String message) {
    String type =
        switch (status) {
          case 400, 413 -> "ValidationException";
          case 401, 403 -> "AccessDeniedException";
          case 404 -> "ResourceNotFoundException";
          case 429 -> "ThrottlingException";
          case 503, 529 -> "ServiceUnavailableException";
          default -> "InternalServerException";
        };
    return new JsonObject().put("__type", type).put("message", message).encode();
  }

  @Override
  public String unknownEvent() {
    return chunk(claude.unknownEvent());
  }

  @Override
  public JsonObject settings() {
    return settings("messages");
  }

  static JsonObject settings(String api) {
    return new JsonObject()
        .put("type", "bedrock")
        .put("api", api)
        .put("region", REGION)
        .put("apiKeyEnv", "PLAYED_AWS_KEY");
  }

  @Override
  public String proof() {
    return "Credential=" + KEY_ID;
  }

  @Override
  public Optional<JsonObject> refusal(FakeVendor.Asked asked) {
    return wrongSignature(asked);
  }

  static Optional<JsonObject> wrongSignature(FakeVendor.Asked asked) {
    return AwsSignature.isRight(asked, KEY_ID, FakeVendor.KEY, REGION)
        ? Optional.empty()
        : Optional.of(
            new JsonObject()
                .put("__type", "InvalidSignatureException")
                .put(
                    "message",
                    "The request signature we calculated does not match the signature you"
                        + " provided."));
  }

  @Override
  public HttpServerResponse framed(HttpServerResponse response) {
    return EventStream.framed(response);
  }

  @Override
  public String toString() {
    return type();
  }
}
