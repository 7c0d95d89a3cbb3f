package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.ClientForm;
import dev.concert.ensemble.compatible.HttpAnswer;
import dev.concert.ensemble.compatible.chat.ChatForm;
import dev.concert.ensemble.compatible.messages.MessagesForm;
import dev.concert.ensemble.compatible.responses.ResponsesForm;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.Model;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;

/** The vendors' own paths under {@code /v1}, with errors in the form of the vendor asked. */
final class CompatibleRoutes {
  private static final String EPOCH = Instant.EPOCH.toString();

  private final ClientForm chat = new ChatForm();
  private final ClientForm responses = new ResponsesForm();
  private final ClientForm messages = new MessagesForm();
  private final VisibleModels models;

  CompatibleRoutes(VisibleModels models) {
    this.models = models;
  }

  /** Whom the caller is, and its body, are known by the time these run. */
  void add(Router router, InferenceRoutes inference, TokenCounting counting) {
    router.post("/v1/chat/completions").handler(inference.in(chat));
    router.post("/v1/responses").handler(inference.in(responses));
    router.post("/v1/messages").handler(inference.in(messages));
    router.post("/v1/messages/count_tokens").handler(counting);
    router.get("/v1/models").handler(this::list);
    router.route("/v1/*").handler(CompatibleRoutes::nowhere);
    router
        .route("/v1/*")
        .failureHandler(
            context ->
                Failures.known(context)
                    .ifPresent(
                        problem ->
                            form(context)
                                .refuse(context.response(), RequestId.of(context), problem)));
  }

  private static void nowhere(RoutingContext context) {
    context.fail(
        new ConcertException(
            ErrorCode.INVALID_MESSAGE,
            "There is no " + context.request().method() + " at this path."));
  }

  private ClientForm form(RoutingContext context) {
    return asksAnthropic(context) ? messages : chat;
  }

  private static boolean asksAnthropic(RoutingContext context) {
    return context.request().path().startsWith("/v1/messages")
        || context.request().getHeader("anthropic-version") != null;
  }

  private void list(RoutingContext context) {
    List<Model> served = models.of(Authentication.caller(context));
    HttpAnswer.send(
        context.response(), 200, asksAnthropic(context) ? theirs(served) : ours(served));
  }

  private static ObjectNode ours(List<Model> served) {
    ObjectNode body = Body.newObject().put("object", "list");
    ArrayNode data = body.putArray("data");
    served.forEach(
        model ->
            data.addObject()
                .put("id", model.id())
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", model.provider()));
    return body;
  }

  private static ObjectNode theirs(List<Model> served) {
    ObjectNode body = Body.newObject();
    ArrayNode data = body.putArray("data");
    served.forEach(
        model ->
            data.addObject()
                .put("type", "model")
                .put("id", model.id())
                .put("display_name", model.id())
                .put("created_at", EPOCH));
    return body.put("has_more", false)
        .put("first_id", served.isEmpty() ? null : served.getFirst().id())
        .put("last_id", served.isEmpty() ? null : served.getLast().id());
  }
}
