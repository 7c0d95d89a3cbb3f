package dev.concert.ensemble.api;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.answer.KeptAnswer;
import dev.concert.ensemble.answer.KeptAnswers;
import dev.concert.ensemble.answer.StoredAnswer;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;

/** Answers that are asked for again, by the key that they were made for and nobody else. */
final class AnswerRoutes {
  private static final String ID = "id";

  private final Vertx vertx;
  private final KeptAnswers answers;

  AnswerRoutes(Vertx vertx, KeptAnswers answers) {
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
        running -> JsonReply.send(response, 200, StatusBody.of(running)),
        stored -> JsonReply.send(response, 200, StatusBody.of(stored)));
  }

  private void retrieve(RoutingContext context) {
    HttpServerResponse response = context.response();
    find(
        context,
        running -> {
          response.putHeader(HttpHeaders.RETRY_AFTER, "1");
          JsonReply.send(response, 202, StatusBody.of(running));
        },
        stored -> {
          if (stored.response().isPresent()) {
            response
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(stored.response().get());
          } else {
            JsonReply.fail(response, stored.problem().orElseThrow());
          }
        });
  }

  private void resume(RoutingContext context) {
    int after = seen(context);
    find(
        context,
        running -> {
          check(after, running.count());
          HttpServerResponse response = context.response();
          Runnable leave =
              running.join(after, new SseAnswer(vertx, response, SseAnswer.HEARTBEAT, after));
          response.closeHandler(closed -> leave.run());
        },
        stored -> {
          if (stored.blocks().isEmpty() && stored.response().isPresent()) {
            throw new ConcertException(
                ErrorCode.ANSWER_NOT_FOUND,
                "The blocks of this answer are not kept; retrieve it whole.");
          }
          check(after, stored.blocks().size());
          replay(context.response(), stored, after);
        });
  }

  private static void check(int after, int count) {
    if (after > count) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "after: there are only %d blocks.".formatted(count));
    }
  }

  /** The whole rest at once: it is here, and bounded. */
  private static void replay(HttpServerResponse response, StoredAnswer stored, int after) {
    Buffer rest = Buffer.buffer();
    for (int i = after; i < stored.blocks().size(); i++) {
      rest.appendBuffer(SseAnswer.block(i + 1L, Buffer.buffer(stored.blocks().get(i))));
    }
    stored
        .response()
        .ifPresent(whole -> rest.appendBuffer(SseAnswer.event("done", Buffer.buffer(whole))));
    stored
        .problem()
        .ifPresent(
            problem ->
                rest.appendBuffer(
                    SseAnswer.event("error", JsonReply.encode(ErrorBody.of(problem)))));
    SseAnswer.begin(response);
    response.end(rest);
  }

  private void cancel(RoutingContext context) {
    find(
        context,
        running -> {
          running.cancel();
          context.response().setStatusCode(204).end();
        },
        stored -> {
          // It has ended, which is what was asked for.
          context.response().setStatusCode(204).end();
        });
  }

  /** How many blocks the client has seen: what it says, or what its browser remembers. */
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
      // As one that is too small.
    }
    throw new ConcertException(
        ErrorCode.INVALID_MESSAGE, "after: must be a number of blocks, 0 or more.");
  }

  private void find(
      RoutingContext context, Consumer<KeptAnswer> running, Consumer<StoredAnswer> stored) {
    Caller caller = Authentication.caller(context);
    String id = context.pathParam(ID);
    Optional<KeptAnswer> now = answers.running(caller, id);
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
        ErrorCode.ANSWER_NOT_FOUND, "No answer '%s' is kept for this key.".formatted(id));
  }
}
