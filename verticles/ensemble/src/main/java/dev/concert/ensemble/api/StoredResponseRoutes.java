package dev.concert.ensemble.api;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.http.AuthenticationHandler;
import dev.concert.ensemble.http.ErrorBody;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.loop.LoopContext;
import dev.concert.ensemble.response.LiveResponse;
import dev.concert.ensemble.response.StoredResponse;
import dev.concert.ensemble.response.StoredResponses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.http.SseResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Serves the status, the blocks and the whole of earlier responses to the key that made the call.
 */
final class StoredResponseRoutes {
  private static final String ID = "id";

  private final Vertx vertx;
  private final StoredResponses answers;

  StoredResponseRoutes(Vertx vertx, StoredResponses answers) {
    this.vertx = vertx;
    this.answers = answers;
  }

  void add(Router router) {
    router.get("/api/v1/status/:id").handler(this::status);
    router.get("/api/v1/retrieve/:id").handler(this::retrieve);
    router.get("/api/v1/stream/:id").handler(this::resume);
    router.delete("/api/v1/stream/:id").handler(this::cancel);
  }

  private void status(RoutingContext context) {
    HttpServerResponse response = context.response();
    find(
        context,
        running ->
            running
                .ask(CallStatusBody::of)
                .onSuccess(body -> JsonResponse.send(response, 200, body))
                .onFailure(context::fail),
        stored -> JsonResponse.send(response, 200, CallStatusBody.of(stored)));
  }

  private void retrieve(RoutingContext context) {
    HttpServerResponse response = context.response();
    find(
        context,
        running ->
            running
                .ask(CallStatusBody::of)
                .onSuccess(
                    body -> {
                      response.putHeader(HttpHeaders.RETRY_AFTER, "1");
                      JsonResponse.send(response, 202, body);
                    })
                .onFailure(context::fail),
        stored -> {
          if (stored.response().isPresent()) {
            response
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(stored.response().get());
          } else {
            JsonResponse.fail(response, stored.problem().orElseThrow());
          }
        });
  }

  private void resume(RoutingContext context) {
    int after = seen(context);
    find(
        context,
        running ->
            running
                .ask(
                    live -> {
                      check(after, live.count());
                      return live;
                    })
                .compose(live -> join(context, live, after))
                .onFailure(context::fail),
        stored -> {
          if (stored.blocks().isEmpty() && stored.response().isPresent()) {
            throw new ConcertException(
                ErrorCode.ANSWER_NOT_FOUND,
                "The blocks of this response are not stored. Retrieve it whole.");
          }
          check(after, stored.blocks().size());
          replay(context.response(), stored, after);
        });
  }

  /** The call may be on another event loop than the client that joins it. */
  private Future<Void> join(RoutingContext context, LiveResponse running, int after) {
    HttpServerResponse response = context.response();
    NativeSseSink sink = new NativeSseSink(vertx, response, SseResponse.DEFAULT_HEARTBEAT, after);
    LoopContext here = LoopContext.here(vertx);
    return running
        .ask(live -> live.join(after, live.reaching(sink, here)))
        .onSuccess(
            leave -> {
              Runnable gone =
                  () ->
                      running.ask(
                          live -> {
                            leave.run();
                            return true;
                          });
              if (response.closed()) {
                gone.run();
              } else {
                response.closeHandler(closed -> gone.run());
              }
            })
        .mapEmpty();
  }

  private static void check(int after, int count) {
    if (after > count) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "after: the response has only %d blocks so far.".formatted(count));
    }
  }

  /** Sends all remaining blocks at once: they are in memory and bounded. */
  private static void replay(HttpServerResponse response, StoredResponse stored, int after) {
    Buffer rest = Buffer.buffer();
    for (int i = after; i < stored.blocks().size(); i++) {
      rest.appendBuffer(SseResponse.bytes("block", i + 1L, Buffer.buffer(stored.blocks().get(i))));
    }
    stored
        .response()
        .ifPresent(whole -> rest.appendBuffer(SseResponse.bytes("done", Buffer.buffer(whole))));
    stored
        .problem()
        .ifPresent(
            problem ->
                rest.appendBuffer(
                    SseResponse.bytes("error", JsonResponse.encode(ErrorBody.of(problem)))));
    SseResponse.start(response, SseResponse.MEDIA_TYPE);
    response.end(rest);
  }

  private void cancel(RoutingContext context) {
    find(
        context,
        running -> {
          running
              .ask(
                  live -> {
                    live.cancel();
                    return true;
                  })
              .onSuccess(done -> context.response().setStatusCode(204).end())
              .onFailure(context::fail);
        },
        stored -> {
          // It has already ended.
          context.response().setStatusCode(204).end();
        });
  }

  /**
   * The number of blocks that the client has seen: its parameter, or what its browser remembers.
   */
  private static int seen(RoutingContext context) {
    String given =
        Optional.ofNullable(context.request().getParam("after"))
            .orElseGet(() -> context.request().getHeader("Last-Event-ID"));
    try {
      int after = given == null ? 0 : Integer.parseInt(given);
      if (after >= 0) {
        return after;
      }
    } catch (NumberFormatException e) {
      // Refused below, like a negative number.
    }
    throw new ConcertException(
        ErrorCode.INVALID_MESSAGE, "after: must be the number of blocks already seen, 0 or more.");
  }

  private void find(
      RoutingContext context, Consumer<LiveResponse> running, Consumer<StoredResponse> stored) {
    Caller caller = AuthenticationHandler.caller(context);
    String id = context.pathParam(ID);
    Optional<LiveResponse> now = answers.running(caller, id);
    if (now.isPresent()) {
      running.accept(now.get());
      return;
    }
    answers
        .stored(caller, id)
        .map(found -> found.orElseThrow(() -> unknown(id)))
        .onSuccess(found -> guarded(context, () -> stored.accept(found)))
        .onFailure(context::fail);
  }

  private static void guarded(RoutingContext context, Runnable action) {
    try {
      action.run();
    } catch (ConcertException e) {
      context.fail(e);
    }
  }

  private static ConcertException unknown(String id) {
    return new ConcertException(
        ErrorCode.ANSWER_NOT_FOUND, "No response '%s' is stored for this key.".formatted(id));
  }
}
