package dev.concert.ensemble.guardrail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.ensemble.block.ExactJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The texts of a request in the JSON of any API: what people, programs and models have written. A
 * model's thinking is none of them, because its vendor wants it back as it was.
 */
public final class RequestTexts {
  /** Fields whose strings, also in a list, are text. */
  private static final Set<String> TEXTS =
      Set.of(
          "text",
          "content",
          "system",
          "instructions",
          "input",
          "output",
          "arguments",
          "raw_arguments",
          "prompt",
          "suffix",
          "query",
          "documents",
          "reasoning_content",
          "title");

  /** Fields whose objects are the arguments or the result of a call: all their strings are text. */
  private static final Set<String> DATA = Set.of("input", "arguments", "args", "response");

  /** Fields of a request that describe tools and forms. */
  private static final Set<String> FORMS =
      Set.of(
          "tools",
          "functions",
          "toolConfig",
          "tool_choice",
          "response_format",
          "output_config",
          "generationConfig",
          "metadata");

  private final ObjectNode body;
  private final List<String> texts = new ArrayList<>();
  private final List<Consumer<TextNode>> places = new ArrayList<>();

  private RequestTexts(ObjectNode body) {
    this.body = body;
    body.properties().stream()
        .filter(field -> !FORMS.contains(field.getKey()))
        .toList()
        .forEach(field -> field(body, field, false));
  }

  /** Empty for what is not a JSON object: the parser refuses it, or it is a form. */
  public static Optional<RequestTexts> of(Buffer body) {
    try {
      return ExactJson.SENT.readTree(body.getBytes()) instanceof ObjectNode object
          ? Optional.of(new RequestTexts(object))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  public List<String> texts() {
    return List.copyOf(texts);
  }

  /** The request with other texts, as many as there are; call it once. */
  public Buffer with(List<String> others) {
    for (int i = 0; i < places.size(); i++) {
      places.get(i).accept(TextNode.valueOf(others.get(i)));
    }
    return ExactJson.bytes(body);
  }

  private void field(ObjectNode of, Map.Entry<String, JsonNode> field, boolean data) {
    String name = field.getKey();
    JsonNode value = field.getValue();
    if (value.isTextual()) {
      if (data || isText(of, name)) {
        add(value, text -> of.set(name, text));
      }
    } else {
      read(value, data || DATA.contains(name) && value.isObject(), TEXTS.contains(name));
    }
  }

  /** A document of Anthropic has its text in {@code data}. */
  private static boolean isText(ObjectNode of, String name) {
    return TEXTS.contains(name) || name.equals("data") && of.path("type").asText().equals("text");
  }

  private void read(JsonNode node, boolean data, boolean texts) {
    if (node instanceof ObjectNode object) {
      List.copyOf(object.properties()).forEach(field -> field(object, field, data));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int place = i;
        if (!array.get(i).isTextual()) {
          read(array.get(i), data, false);
        } else if (data || texts) {
          add(array.get(i), text -> array.set(place, text));
        }
      }
    }
  }

  private void add(JsonNode text, Consumer<TextNode> place) {
    texts.add(text.asText());
    places.add(place);
  }
}
