package dev.concert.ensemble.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.ensemble.provider.anthropic.AnthropicDialect;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.EventDecoder;
import dev.concert.ensemble.provider.upstream.NativeOption;
import dev.concert.ensemble.provider.upstream.ResponseReader;
import dev.concert.ensemble.provider.upstream.SseEvent;
import dev.concert.ensemble.provider.upstream.TokenCountRequest;
import dev.concert.ensemble.provider.upstream.UpstreamRequest;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Amazon's {@code Converse}, which all models of Bedrock answer. It has the structure of
 * Anthropic's Messages under other names, so it is written and read by way of those.
 *
 * <p>Format:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
final class ConverseDialect implements Dialect {
  private final String provider;
  private final AnthropicDialect messages;

  ConverseDialect(String provider, AnthropicDialect messages) {
    this.provider = provider;
    this.messages = messages;
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request) {
    refuseUrls(request);
    return messages.encode(model, ConverseSignatures.returned(request));
  }

  private static void refuseUrls(InferenceRequest request) {
    for (int i = 0; i < request.messages().size(); i++) {
      List<ContentBlock> parts = request.messages().get(i).parts();
      for (int j = 0; j < parts.size(); j++) {
        boolean named =
            switch (parts.get(j)) {
              case ImageBlock image -> image.source().toBeFetched();
              case DocumentBlock document -> document.source().toBeFetched();
              default -> false;
            };
        if (named) {
          throw new ConcertException(
              ErrorCode.INVALID_MESSAGE,
              "messages[%d].content_blocks[%d].source.url: Bedrock's Converse fetches nothing. Send the bytes."
                  .formatted(i, j));
        }
      }
    }
  }

  @Override
  public UpstreamRequest place(ServedModel model, UpstreamRequest checked) {
    boolean streamed = model.can().streaming();
    return new UpstreamRequest(
        BedrockPath.of(model, streamed ? "converse-stream" : "converse"),
        ConverseRequest.body(model, checked.body()),
        BedrockPath.accepted(streamed));
  }

  @Override
  public Optional<TokenCountRequest> countTokens(ServedModel model, UpstreamRequest encoded) {
    ObjectNode converse = ConverseRequest.body(model, encoded.body());
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    ObjectNode prompt = asked.putObject("input").putObject("converse");
    for (String name : new String[] {"messages", "system", "toolConfig"}) {
      if (converse.has(name)) {
        prompt.set(name, converse.path(name));
      }
    }
    return Optional.of(
        new TokenCountRequest(
            new UpstreamRequest(BedrockPath.of(model, "count-tokens"), asked), "inputTokens"));
  }

  @Override
  public EventDecoder events(Consumer<SseEvent> events) {
    return new EventStreamDecoder(provider, events);
  }

  @Override
  public Set<NativeOption> lacks(ServedModel model, InferenceRequest request) {
    Set<NativeOption> lacking = EnumSet.of(NativeOption.PARALLEL_TOOL_CALLS);
    lacking.addAll(messages.lacks(model, request));
    return lacking;
  }

  @Override
  public boolean carries(ClientRequest other, UncarriedField field) {
    return field.isErrorMark();
  }

  @Override
  public ResponseReader reader(Consumer<Block> sink) {
    return new ConverseReader(
        provider, messages.reader(block -> sink.accept(ConverseSignatures.kept(block))));
  }

  @Override
  public Map<String, String> headers(String key) {
    return Map.of("Authorization", "Bearer " + key);
  }

  /**
   * Reads Converse by the reader of Messages.
   *
   * @param messages reads the translated events
   */
  private record ConverseReader(String provider, ConverseEvents events, ResponseReader messages)
      implements ResponseReader {

    ConverseReader(String provider, ResponseReader messages) {
      this(provider, new ConverseEvents(), messages);
    }

    @Override
    public void event(SseEvent event) {
      events
          .translated(event.name(), event.object(provider))
          .forEach(
              theirs ->
                  messages.event(new SseEvent(theirs.path("type").asText(), theirs.toString())));
    }

    @Override
    public void whole(JsonNode body) {
      messages.whole(ConverseEvents.whole(body));
    }

    @Override
    public boolean isLast() {
      return messages.isLast();
    }

    @Override
    public ProviderOutcome end() {
      return messages.end();
    }

    @Override
    public Optional<TokenCount> counted() {
      return messages.counted();
    }
  }
}
