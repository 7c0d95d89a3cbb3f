package dev.concert.ensemble.demo;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.MessageRole;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request for the title of a conversation. The answer is the only one in which the demo model
 * does not say at length what it is: a title has no room for that.
 */
final class TitleRequest {
  private static final String ASKS = "Give this conversation a title";
  private static final int WORDS = 5;

  private TitleRequest() {}

  static boolean isOne(InferenceRequest request) {
    return request.messages().stream()
        .anyMatch(
            message ->
                message.role() == MessageRole.SYSTEM && message.plainText().startsWith(ASKS));
  }

  static String answer(String message) {
    return "Demo: "
        + Stream.of(message.strip().split("\\s+")).limit(WORDS).collect(Collectors.joining(" "));
  }
}
