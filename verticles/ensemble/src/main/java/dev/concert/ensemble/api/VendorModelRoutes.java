package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.http.AuthenticationHandler;
import dev.concert.inference.InferenceMessages.Model;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;

/** Lists the models that a caller may use, or shows one, in OpenAI's or Anthropic's format. */
final class VendorModelRoutes {
  private static final String EPOCH = Instant.EPOCH.toString();

  private final VisibleModels models;

  VendorModelRoutes(VisibleModels models) {
    this.models = models;
  }

  void add(Router router) {
    router.get("/v1/models").handler(this::all);
    // Model ids may contain slashes.
    router.get("/v1/models/*").handler(this::one);
  }

  private void all(RoutingContext context) {
    models
        .all(AuthenticationHandler.caller(context))
        .onSuccess(
            seen ->
                VendorReply.send(
                    context.response(),
                    200,
                    asksAnthropic(context) ? theirList(seen) : ourList(seen)))
        .onFailure(context::fail);
  }

  private void one(RoutingContext context) {
    String id = context.pathParam("*");
    models
        .one(AuthenticationHandler.caller(context), id)
        .onSuccess(
            found -> {
              ObjectNode body = VendorJson.newObject();
              VendorReply.send(
                  context.response(),
                  200,
                  asksAnthropic(context) ? theirs(body, found) : ours(body, found));
            })
        .onFailure(context::fail);
  }

  static boolean asksAnthropic(RoutingContext context) {
    return context.request().getHeader("anthropic-version") != null
        || DropInPaths.isAnthropic(context);
  }

  private static ObjectNode ourList(List<Model> seen) {
    ObjectNode body = VendorJson.newObject().put("object", "list");
    ArrayNode data = body.putArray("data");
    seen.forEach(model -> ours(data.addObject(), model));
    return body;
  }

  private static ObjectNode ours(ObjectNode into, Model model) {
    return into.put("id", model.id())
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", model.provider());
  }

  private static ObjectNode theirList(List<Model> seen) {
    ObjectNode body = VendorJson.newObject();
    ArrayNode data = body.putArray("data");
    seen.forEach(model -> theirs(data.addObject(), model));
    return body.put("has_more", false)
        .put("first_id", seen.isEmpty() ? null : seen.getFirst().id())
        .put("last_id", seen.isEmpty() ? null : seen.getLast().id());
  }

  private static ObjectNode theirs(ObjectNode into, Model model) {
    return into.put("type", "model")
        .put("id", model.id())
        .put("display_name", model.id())
        .put("created_at", EPOCH);
  }
}
