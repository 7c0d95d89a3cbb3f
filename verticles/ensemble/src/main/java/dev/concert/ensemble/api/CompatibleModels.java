package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.HttpAnswer;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.Model;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;

/**
 * The models that a caller may ask for, all of them or one, as OpenAI or as Anthropic tells of
 * them.
 */
final class CompatibleModels {
  private static final String EPOCH = Instant.EPOCH.toString();

  private final VisibleModels models;

  CompatibleModels(VisibleModels models) {
    this.models = models;
  }

  void add(Router router) {
    router.get("/v1/models").handler(this::all);
    // An id may have slashes.
    router.get("/v1/models/*").handler(this::one);
  }

  private void all(RoutingContext context) {
    List<Model> seen = models.of(Authentication.caller(context));
    HttpAnswer.send(
        context.response(), 200, asksAnthropic(context) ? theirList(seen) : ourList(seen));
  }

  private void one(RoutingContext context) {
    String id = context.pathParam("*");
    Model found =
        models.of(Authentication.caller(context)).stream()
            .filter(model -> model.id().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.MODEL_UNKNOWN, "The model '" + id + "' is not served."));
    ObjectNode body = Body.newObject();
    HttpAnswer.send(
        context.response(), 200, asksAnthropic(context) ? theirs(body, found) : ours(body, found));
  }

  static boolean asksAnthropic(RoutingContext context) {
    return context.request().getHeader("anthropic-version") != null;
  }

  private static ObjectNode ourList(List<Model> seen) {
    ObjectNode body = Body.newObject().put("object", "list");
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
    ObjectNode body = Body.newObject();
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
