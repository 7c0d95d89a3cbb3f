package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.batch.VendorObjects;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.http.AuthenticationHandler;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.ensemble.provider.VendorStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Files and batches, as OpenAI and Anthropic have them. */
final class ObjectRoutes {
  private static final String ID = "id";
  private static final String RESULTS = "results_url";

  private final VendorObjects objects;

  ObjectRoutes(VendorObjects objects) {
    this.objects = objects;
  }

  void add(Router router) {
    router.post("/v1/files").handler(this::upload);
    router.get("/v1/files").handler(this::files);
    router.get("/v1/files/:id").handler(this::file);
    router.get("/v1/files/:id/content").handler(this::content);
    router.delete("/v1/files/:id").handler(this::deleteFile);
    router.post("/v1/batches").handler(this::batch);
    router.get("/v1/batches").handler(context -> batches(context, VendorStore.Api.OPENAI));
    router.get("/v1/batches/:id").handler(context -> find(context, VendorStore.Api.OPENAI));
    router
        .post("/v1/batches/:id/cancel")
        .handler(context -> cancel(context, VendorStore.Api.OPENAI));
    String messages = "/v1/messages/batches";
    router.post(messages).handler(this::messageBatch);
    router.get(messages).handler(context -> batches(context, VendorStore.Api.ANTHROPIC));
    router.get(messages + "/:id").handler(context -> find(context, VendorStore.Api.ANTHROPIC));
    router
        .post(messages + "/:id/cancel")
        .handler(context -> cancel(context, VendorStore.Api.ANTHROPIC));
    router.get(messages + "/:id/results").handler(this::results);
    router.delete(messages + "/:id").handler(this::deleteBatch);
  }

  private void upload(RoutingContext context) {
    answer(
        context,
        objects.files().upload(AuthenticationHandler.caller(context), api(context), body(context)));
  }

  private void files(RoutingContext context) {
    VendorStore.Api api = api(context);
    Optional<String> purpose = Optional.ofNullable(context.request().getParam("purpose"));
    answer(
        context,
        objects
            .files()
            .all(AuthenticationHandler.caller(context), api)
            .map(
                all ->
                    all.stream()
                        .filter(
                            file ->
                                purpose.isEmpty()
                                    || purpose.get().equals(file.path("purpose").asText()))
                        .toList())
            .map(
                some ->
                    api == VendorStore.Api.ANTHROPIC
                        ? ObjectPage.anthropics(context.request(), some)
                        : ObjectPage.openAis(context.request(), some)));
  }

  private void file(RoutingContext context) {
    answer(
        context,
        objects
            .files()
            .find(AuthenticationHandler.caller(context), api(context), context.pathParam(ID)));
  }

  private void content(RoutingContext context) {
    pass(
        context,
        objects
            .files()
            .content(AuthenticationHandler.caller(context), api(context), context.pathParam(ID)));
  }

  private void deleteFile(RoutingContext context) {
    answer(
        context,
        objects
            .files()
            .delete(AuthenticationHandler.caller(context), api(context), context.pathParam(ID)));
  }

  private void batch(RoutingContext context) {
    answer(context, objects.batches().ofFile(AuthenticationHandler.caller(context), body(context)));
  }

  private void messageBatch(RoutingContext context) {
    answer(
        context,
        objects.batches().ofRequests(AuthenticationHandler.caller(context), body(context)));
  }

  private void batches(RoutingContext context, VendorStore.Api api) {
    answer(
        context,
        objects
            .batches()
            .all(AuthenticationHandler.caller(context), api)
            .map(
                all ->
                    api == VendorStore.Api.ANTHROPIC
                        ? ObjectPage.anthropics(
                            context.request(),
                            all.stream().map(one -> here(context.request(), one)).toList())
                        : ObjectPage.openAis(context.request(), all)));
  }

  private void find(RoutingContext context, VendorStore.Api api) {
    answer(
        context,
        objects.batches().find(AuthenticationHandler.caller(context), api, context.pathParam(ID)));
  }

  private void cancel(RoutingContext context, VendorStore.Api api) {
    answer(
        context,
        objects
            .batches()
            .cancel(AuthenticationHandler.caller(context), api, context.pathParam(ID)));
  }

  private void results(RoutingContext context) {
    pass(
        context,
        objects.batches().results(AuthenticationHandler.caller(context), context.pathParam(ID)));
  }

  private void deleteBatch(RoutingContext context) {
    answer(
        context,
        objects.batches().delete(AuthenticationHandler.caller(context), context.pathParam(ID)));
  }

  private static VendorStore.Api api(RoutingContext context) {
    return VendorModelRoutes.asksAnthropic(context)
        ? VendorStore.Api.ANTHROPIC
        : VendorStore.Api.OPENAI;
  }

  private static ClientBody body(RoutingContext context) {
    return ClientBody.of(RequestBodyHandler.body(context), context.request().headers());
  }

  /** The results are fetched here, not at the vendor, which does not know the client's key. */
  private static ObjectNode here(HttpServerRequest request, ObjectNode body) {
    if (!body.path(RESULTS).isTextual()) {
      return body;
    }
    return body.deepCopy()
        .put(
            RESULTS,
            "%s://%s/v1/messages/batches/%s/results"
                .formatted(request.scheme(), request.authority(), body.path("id").asText()));
  }

  private static void answer(RoutingContext context, Future<ObjectNode> answer) {
    answer
        .onSuccess(body -> VendorReply.send(context.response(), 200, here(context.request(), body)))
        .onFailure(failure -> refuse(context, failure));
  }

  private static void pass(RoutingContext context, Future<HttpClientResponse> content) {
    content
        .onSuccess(
            theirs -> {
              HttpServerResponse ours = context.response();
              if (ours.closed()) {
                theirs.request().reset();
                return;
              }
              String type = theirs.getHeader(HttpHeaders.CONTENT_TYPE);
              ours.setChunked(true)
                  .putHeader(
                      HttpHeaders.CONTENT_TYPE, type == null ? "application/octet-stream" : type);
              // What breaks off is cut here, too, so that nobody takes a part for the whole.
              theirs
                  .pipeTo(ours)
                  .onFailure(
                      broken -> {
                        theirs.request().reset();
                        ours.reset();
                      });
            })
        .onFailure(failure -> refuse(context, failure));
  }

  private static void refuse(RoutingContext context, Throwable failure) {
    VendorRefusal.in(failure)
        .ifPresentOrElse(
            theirs -> VendorReply.refuse(context.response(), theirs), () -> context.fail(failure));
  }
}
