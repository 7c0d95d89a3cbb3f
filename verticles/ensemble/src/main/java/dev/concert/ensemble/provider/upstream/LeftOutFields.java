package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a client's request that the operator's configuration leaves out: what the model
 * rejects, and what the server does not know.
 */
final class LeftOutFields {
  private static final Map<String, String> SAMPLING =
      Map.of(
          "temperature", "temperature",
          "top_p", "top_p",
          "topP", "top_p",
          "top_k", "top_k",
          "topK", "top_k");

  private LeftOutFields() {}

  /**
   * @param omitted names of fields in the body that the server receives
   */
  static List<UncarriedField> of(ServedModel model, Set<String> omitted, ClientRequest client) {
    List<UncarriedField> found = new ArrayList<>();
    JsonNode body = client.body();
    if (client.wire() == Wire.GEMINI) {
      dropped(model, body.path("generationConfig"), "generationConfig.", found);
      dropped(model, body.path("generation_config"), "generation_config.", found);
    } else {
      dropped(model, body, "", found);
    }
    omitted.stream()
        .filter(name -> body.has(name) && found.stream().noneMatch(one -> one.path().equals(name)))
        .sorted()
        .forEach(name -> found.add(new UncarriedField(name, false)));
    return found;
  }

  private static void dropped(
      ServedModel model, JsonNode options, String path, List<UncarriedField> found) {
    for (var field : options.properties()) {
      String parameter = SAMPLING.get(field.getKey());
      if (parameter != null && model.can().drops(parameter) && !field.getValue().isNull()) {
        found.add(new UncarriedField(path + field.getKey(), false));
      }
    }
  }
}
