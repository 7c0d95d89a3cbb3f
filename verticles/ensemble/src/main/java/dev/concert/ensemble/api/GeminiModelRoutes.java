package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.http.AuthenticationHandler;
import dev.concert.inference.InferenceMessages.Model;
import io.vertx.ext.web.RoutingContext;

/**
 * Lists the models that a caller may use, or shows one, in Google's format.
 *
 * <p>Format: https://ai.google.dev/api/models
 */
record GeminiModelRoutes(VisibleModels models) {
  private static final String PREFIX = "models/";

  void all(RoutingContext context) {
    models
        .all(AuthenticationHandler.caller(context))
        .onSuccess(
            seen -> {
              ObjectNode body = VendorJson.newObject();
              ArrayNode list = body.putArray("models");
              seen.forEach(model -> list.add(model(model)));
              VendorReply.send(context.response(), 200, body);
            })
        .onFailure(context::fail);
  }

  void one(RoutingContext context) {
    models
        .one(AuthenticationHandler.caller(context), context.pathParam("*"))
        .onSuccess(found -> VendorReply.send(context.response(), 200, model(found)))
        .onFailure(context::fail);
  }

  private static ObjectNode model(Model model) {
    ObjectNode node =
        VendorJson.newObject()
            .put("name", PREFIX + model.id())
            .put("version", "001")
            .put("displayName", model.id())
            .put("description", "Served by " + model.provider() + ".")
            .put("inputTokenLimit", model.contextWindow())
            .put("outputTokenLimit", model.maxOutputTokens());
    node.putArray("supportedGenerationMethods").add("generateContent").add("countTokens");
    return node.put("thinking", model.thinking());
  }
}
