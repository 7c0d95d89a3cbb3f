package dev.concert.ensemble.api;

import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.compatible.gemini.EmbedContentFormat;
import dev.concert.ensemble.compatible.gemini.GeminiFormat;
import dev.concert.ensemble.compatible.gemini.GeminiFormat.Delivery;
import dev.concert.ensemble.http.AuthenticationHandler;
import dev.concert.ensemble.http.GoogleRequest;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.pipeline.CallPipeline;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Google's paths: {@code /v1beta/models/{model}:{method}}, also under {@code /v1} and {@code
 * /v1alpha}. The model and the method are one segment of the path, and a model's id may have
 * slashes and colons itself.
 */
final class GeminiRoutes {
  /** For failures before the model is known. */
  static final GeminiFormat ANY = new GeminiFormat("", Delivery.WHOLE);

  private final InferenceRoutes inference;
  private final CallPipeline calls;
  private final GeminiModelRoutes models;

  GeminiRoutes(InferenceRoutes inference, CallPipeline calls, GeminiModelRoutes models) {
    this.inference = inference;
    this.calls = calls;
    this.models = models;
  }

  /**
   * Adds the routes of a version of the API. The caller and the body are known by the time they
   * run.
   */
  void add(Router router, String version) {
    router.post(version + "/models/*").handler(this::call);
    router.get(version + "/models").handler(google(models::all));
    router.get(version + "/models/*").handler(google(models::one));
  }

  /** OpenAI and Anthropic have the same paths: their routes follow. */
  private static Handler<RoutingContext> google(Handler<RoutingContext> handler) {
    return context -> {
      if (GoogleRequest.is(context.request())) {
        handler.handle(context);
      } else {
        context.next();
      }
    };
  }

  private void call(RoutingContext context) {
    String rest = context.pathParam("*");
    int colon = rest == null ? -1 : rest.lastIndexOf(':');
    if (colon < 1) {
      context.next();
      return;
    }
    String model = rest.substring(0, colon);
    switch (rest.substring(colon + 1)) {
      case "generateContent" -> inference.handle(context, new GeminiFormat(model, Delivery.WHOLE));
      case "streamGenerateContent" ->
          inference.handle(context, new GeminiFormat(model, streamed(context)));
      case "embedContent" ->
          inference.handle(context, new EmbedContentFormat(model, Wire.EMBED_CONTENT));
      case "batchEmbedContents" ->
          inference.handle(context, new EmbedContentFormat(model, Wire.BATCH_EMBED_CONTENTS));
      case "countTokens" -> count(context, new GeminiFormat(model, Delivery.WHOLE));
      default ->
          context.fail(
              new ConcertException(
                  ErrorCode.NOT_FOUND,
                  "There is no method '" + rest.substring(colon + 1) + "' of models here."));
    }
  }

  private static Delivery streamed(RoutingContext context) {
    return Optional.ofNullable(context.request().getParam("alt")).orElse("").equals("sse")
        ? Delivery.EVENTS
        : Delivery.ARRAY;
  }

  private void count(RoutingContext context, GeminiFormat format) {
    Buffer body = RequestBodyHandler.body(context);
    calls
        .countTokens(
            AuthenticationHandler.caller(context), body.length(), () -> format.prompt(body))
        .onSuccess(
            tokens ->
                VendorReply.send(
                    context.response(), 200, VendorJson.newObject().put("totalTokens", tokens)))
        .onFailure(context::fail);
  }
}
