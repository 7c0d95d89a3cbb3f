package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What a client wants beside one answer in text. Only a provider with the client's own API can give
 * it.
 *
 * @param choices how many answers; each of them costs
 * @param sound whether the answer is spoken, too
 * @param field the client's field by which a conversation has more than one answer in text; empty
 *     if none does
 */
public record AnswerForm(long choices, boolean sound, Optional<String> field) {
  private static final AnswerForm TEXT = new AnswerForm(1, false, Optional.empty());

  /** One answer in text. */
  public static AnswerForm text() {
    return TEXT;
  }

  /** What the body of a client asks for. */
  public static AnswerForm of(Wire wire, JsonNode body) {
    return switch (wire) {
      case CHAT -> ofChat(body);
      case GEMINI ->
          choices(
              either(
                  either(body, "generationConfig", "generation_config"),
                  "candidateCount",
                  "candidate_count"),
              "generationConfig.candidateCount");
      case COMPLETIONS -> ofText(body);
      case IMAGES -> several(body.path("n").asLong(1));
      default -> TEXT;
    };
  }

  private static AnswerForm ofChat(JsonNode body) {
    boolean sound = body.hasNonNull("audio");
    for (JsonNode modality : body.path("modalities")) {
      sound |= modality.asText().equals("audio");
    }
    AnswerForm form = choices(body.path("n"), "n");
    return sound
        ? new AnswerForm(form.choices(), true, form.field().or(() -> Optional.of("modalities")))
        : form;
  }

  /** A list has a prompt in each place, unless it is one prompt as the numbers of its tokens. */
  private static AnswerForm ofText(JsonNode body) {
    JsonNode prompt = body.path("prompt");
    long prompts = prompt.isArray() && !prompt.path(0).isNumber() ? prompt.size() : 1;
    long each = Math.max(body.path("n").asLong(1), body.path("best_of").asLong(1));
    return several(Math.max(1, each) * Math.max(1, prompts));
  }

  private static AnswerForm several(long choices) {
    return choices > 1 ? new AnswerForm(choices, false, Optional.empty()) : TEXT;
  }

  /** How many answers there are for each that is read: of a conversation's only the first one. */
  public long ofEachRead() {
    return field.isPresent() ? choices : 1;
  }

  private static AnswerForm choices(JsonNode count, String field) {
    return count.asLong(1) > 1 ? new AnswerForm(count.asLong(), false, Optional.of(field)) : TEXT;
  }

  /** Google's API takes each name in two spellings. */
  private static JsonNode either(JsonNode object, String camel, String snake) {
    return object.has(camel) ? object.path(camel) : object.path(snake);
  }
}
