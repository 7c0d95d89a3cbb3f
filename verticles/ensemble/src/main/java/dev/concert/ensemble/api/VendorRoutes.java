package dev.concert.ensemble.api;

import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.batch.VendorObjects;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.chat.ChatFormat;
import dev.concert.ensemble.compatible.messages.MessagesFormat;
import dev.concert.ensemble.compatible.passthrough.PassThroughFormat;
import dev.concert.ensemble.http.ErrorHandler;
import dev.concert.ensemble.http.GoogleRequest;
import dev.concert.ensemble.http.RequestIdHandler;
import dev.concert.ensemble.http.UnknownPathHandler;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.pipeline.CallPipeline;
import dev.concert.ensemble.response.StoredConversations;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** The vendors' own paths, with errors in the vendor's format. */
final class VendorRoutes {
  /** All of them, by version. */
  static final List<String> PATHS = List.of("/v1/*", "/v1beta/*", "/v1alpha/*");

  private final ApiFormat chat = new ChatFormat();
  private final ApiFormat messages = new MessagesFormat();
  private final UnknownPathHandler unknown;
  private final VendorModelRoutes models;
  private final GeminiModelRoutes geminiModels;

  VendorRoutes(VisibleModels models, UnknownPathHandler unknown) {
    this.unknown = unknown;
    this.models = new VendorModelRoutes(models);
    this.geminiModels = new GeminiModelRoutes(models);
  }

  /** Adds the routes. The caller and the body are known by the time they run. */
  void add(
      Router router,
      InferenceRoutes inference,
      CallPipeline calls,
      StoredConversations conversations,
      VendorObjects objects) {
    TokenCountHandler counting = new TokenCountHandler(calls);
    GeminiRoutes gemini = new GeminiRoutes(inference, calls, geminiModels);
    router.post("/v1/chat/completions").handler(inference.in(chat));
    new ResponsesRoutes(inference, conversations).add(router);
    new ObjectRoutes(objects).add(router);
    router.post("/v1/messages").handler(inference.in(messages));
    router.post("/v1/messages/count_tokens").handler(counting);
    for (Wire wire : Wire.values()) {
      Optional.of(wire)
          .filter(one -> !one.isGoogles())
          .flatMap(Wire::passedPath)
          .ifPresent(
              path -> router.post("/v1" + path).handler(inference.in(new PassThroughFormat(wire))));
    }
    List.of("/v1", "/v1beta", "/v1alpha").forEach(version -> gemini.add(router, version));
    models.add(router);
    for (String paths : PATHS) {
      router.route(paths).handler(unknown).failureHandler(this::refuse);
    }
  }

  private void refuse(RoutingContext context) {
    ErrorHandler.known(context)
        .ifPresent(
            problem ->
                form(context).refuse(context.response(), RequestIdHandler.of(context), problem));
  }

  private ApiFormat form(RoutingContext context) {
    if (GoogleRequest.is(context.request())) {
      return GeminiRoutes.ANY;
    }
    return asksAnthropic(context) ? messages : chat;
  }

  private static boolean asksAnthropic(RoutingContext context) {
    return context.request().path().startsWith("/v1/messages")
        || VendorModelRoutes.asksAnthropic(context);
  }
}
