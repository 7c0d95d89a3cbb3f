package dev.concert.ensemble.provider.bedrock;

import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.PathSegment;
import java.util.Map;

/** Where Bedrock serves a model, and in which form it answers. */
final class BedrockPath {
  private BedrockPath() {}

  /** The id may be an inference profile or an ARN, which has colons and slashes. */
  static String of(ServedModel model, String operation) {
    return "/model/" + PathSegment.encoded(model.upstreamId()) + "/" + operation;
  }

  static Map<String, String> accepted(boolean streamed) {
    return Map.of("accept", streamed ? "application/vnd.amazon.eventstream" : "application/json");
  }
}
