package dev.concert.ensemble.api;

import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.compatible.ClientForm;
import dev.concert.ensemble.compatible.chat.ChatForm;
import dev.concert.ensemble.compatible.messages.MessagesForm;
import dev.concert.ensemble.compatible.responses.ResponsesForm;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The vendors' own paths under {@code /v1}, with errors in the form of the vendor asked. */
final class CompatibleRoutes {
  private final ClientForm chat = new ChatForm();
  private final ClientForm responses = new ResponsesForm();
  private final ClientForm messages = new MessagesForm();
  private final CompatibleModels models;

  CompatibleRoutes(VisibleModels models) {
    this.models = new CompatibleModels(models);
  }

  /** Whom the caller is, and its body, are known by the time these run. */
  void add(Router router, InferenceRoutes inference, TokenCounting counting) {
    router.post("/v1/chat/completions").handler(inference.in(chat));
    router.post("/v1/responses").handler(inference.in(responses));
    router.post("/v1/messages").handler(inference.in(messages));
    router.post("/v1/messages/count_tokens").handler(counting);
    models.add(router);
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
        || CompatibleModels.asksAnthropic(context);
  }
}
