package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.AnswerSink;
import dev.concert.ensemble.provider.ProviderOutcome;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Passes an answer on byte by byte: speech, or a transcript in any form. The count of tokens is
 * read where the answer is JSON or a stream of events that ends with it. Not thread-safe.
 */
final class BytesReader implements ResponseReader {
  /** A longer JSON is passed on, and its tokens are estimated. */
  private static final int LONGEST = 4 * 1024 * 1024;

  private final AnswerSink sink;
  private final Buffer text = Buffer.buffer();
  private String type = "";

  BytesReader(AnswerSink sink) {
    this.sink = sink;
  }

  @Override
  public boolean takesBytes() {
    return true;
  }

  @Override
  public void bytes(String contentType, Buffer piece) {
    type = contentType;
    boolean counts = contentType.contains("json") || contentType.contains("event-stream");
    if (counts && text.length() + piece.length() <= LONGEST) {
      text.appendBuffer(piece);
    }
    sink.relayBytes(contentType, piece);
  }

  @Override
  public void event(SseEvent event) {
    throw new IllegalStateException("This reader takes bytes");
  }

  @Override
  public void whole(JsonNode body) {
    throw new IllegalStateException("This reader takes bytes");
  }

  @Override
  public boolean isLast() {
    return false;
  }

  @Override
  public ProviderOutcome end() {
    return new ProviderOutcome(FinishReason.END_TURN, counted());
  }

  @Override
  public Optional<TokenCount> counted() {
    return Optional.of(last())
        .filter(json -> json.startsWith("{"))
        .flatMap(BytesReader::usage)
        .map(PassThroughReader::count);
  }

  /** The whole JSON, or that of the last event. */
  private String last() {
    String all = text.toString().strip();
    return type.contains("event-stream")
        ? all.lines()
            .filter(line -> line.startsWith("data:") && line.contains("\"usage\""))
            .reduce("", (before, line) -> line.substring("data:".length()).strip())
        : all;
  }

  /** Empty where the vendor counts seconds. */
  private static Optional<JsonNode> usage(String json) {
    try {
      JsonNode usage = ExactJson.MAPPER.readTree(json).path("usage");
      return Optional.of(usage).filter(counted -> counted.path("type").asText().equals("tokens"));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
