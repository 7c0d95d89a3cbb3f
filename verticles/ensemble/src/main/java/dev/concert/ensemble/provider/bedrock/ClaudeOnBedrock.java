package dev.concert.ensemble.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.anthropic.ClaudeBetas;
import dev.concert.ensemble.provider.anthropic.ClaudeBody;
import dev.concert.ensemble.provider.upstream.EventDecoder;
import dev.concert.ensemble.provider.upstream.HostedDialect;
import dev.concert.ensemble.provider.upstream.MalformedResponse;
import dev.concert.ensemble.provider.upstream.SseEvent;
import dev.concert.ensemble.provider.upstream.TokenCountRequest;
import dev.concert.ensemble.provider.upstream.UpstreamRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Claude by {@code InvokeModel}: each frame of a stream holds an event of Anthropic's API.
 *
 * <p>Format:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html
 */
final class ClaudeOnBedrock implements HostedDialect.Host {
  private static final String VERSION = "bedrock-2023-05-31";

  /**
   * The features that LiteLLM and Amazon's documentation name for Bedrock; others are refused
   * there.
   */
  private static final Map<String, String> BETAS =
      Stream.concat(
              Stream.of(
                      "compact-2026-01-12",
                      "computer-use-2024-10-22",
                      "computer-use-2025-01-24",
                      "computer-use-2025-11-24",
                      "context-1m-2025-08-07",
                      "context-management-2025-06-27",
                      "dev-full-thinking-2025-05-14",
                      "effort-2025-11-24",
                      "fine-grained-tool-streaming-2025-05-14",
                      "interleaved-thinking-2025-05-14",
                      "mid-conversation-output-config-2026-07-01",
                      "mid-conversation-tool-changes-2026-07-01",
                      "output-128k-2025-02-19",
                      "token-efficient-tools-2025-02-19",
                      "tool-examples-2025-10-29",
                      "tool-search-tool-2025-10-19")
                  .map(name -> Map.entry(name, name)),
              Stream.of(Map.entry("advanced-tool-use-2025-11-20", "tool-search-tool-2025-10-19")))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private final String provider;
  private final ClaudeBetas betas;

  ClaudeOnBedrock(String provider, Map<String, String> headers) {
    this.provider = provider;
    this.betas = ClaudeBetas.of(BETAS, headers);
  }

  @Override
  public UpstreamRequest place(ServedModel model, UpstreamRequest vendors) {
    boolean streamed = model.can().streaming();
    return new UpstreamRequest(
        BedrockPath.of(model, streamed ? "invoke-with-response-stream" : "invoke"),
        body(vendors),
        BedrockPath.accepted(streamed));
  }

  private ObjectNode body(UpstreamRequest vendors) {
    ObjectNode body = ClaudeBody.of(vendors.body(), VERSION);
    Set<String> asked = betas.of(vendors.headers(), vendors.body().path("anthropic_beta"));
    if (!asked.isEmpty()) {
      ArrayNode list = body.putArray("anthropic_beta");
      asked.forEach(list::add);
    }
    return body;
  }

  /**
   * Format: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html.
   */
  @Override
  public Optional<TokenCountRequest> countTokens(ServedModel model, UpstreamRequest vendors) {
    byte[] bytes = ExactJson.text(body(vendors)).getBytes(StandardCharsets.UTF_8);
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    asked
        .putObject("input")
        .putObject("invokeModel")
        .put("body", Base64.getEncoder().encodeToString(bytes));
    return Optional.of(
        new TokenCountRequest(
            new UpstreamRequest(BedrockPath.of(model, "count-tokens"), asked), "inputTokens"));
  }

  @Override
  public List<UncarriedField> uncarried(ClientRequest own) {
    return betas.missing(own);
  }

  @Override
  public EventDecoder events(Consumer<SseEvent> events) {
    return new EventStreamDecoder(provider, frame -> events.accept(event(frame)));
  }

  private SseEvent event(SseEvent frame) {
    JsonNode chunk = frame.object(provider);
    String json;
    try {
      json =
          new String(
              Base64.getDecoder().decode(chunk.path("bytes").asText()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Without the cause, whose message may repeat text of the model.
      throw MalformedResponse.of(provider, "sent a chunk that is not Base64");
    }
    String type = MalformedResponse.object(provider, json).path("type").asText();
    return new SseEvent(type, json);
  }
}
