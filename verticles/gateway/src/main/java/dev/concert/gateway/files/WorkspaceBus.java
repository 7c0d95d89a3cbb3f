package dev.concert.gateway.files;

import dev.concert.bus.Address;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.Json;
import dev.concert.gateway.http.ProblemReply;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Asks Chronicle what an HTTP request asks for, and answers with what it says. */
record WorkspaceBus(ConcertBus bus) {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Work on a request for the workspace with this id. */
  @FunctionalInterface
  interface Work {
    Future<?> of(RoutingContext request, String workspace);
  }

  /** A handler whose failures become problems. */
  static Handler<RoutingContext> work(Work work) {
    return request ->
        work.of(request, FileAdmission.session(request).workspaceId())
            .onFailure(failure -> ProblemReply.send(request, failure));
  }

  <Q extends Record, R extends Record> Future<R> request(Address<Q, R> address, Q question) {
    return bus.request(address, question, PATIENCE);
  }

  /** Asks and answers with the reply as JSON. */
  <Q extends Record, R extends Record> Future<R> ask(
      RoutingContext request, Address<Q, R> address, Q question) {
    return ask(request, address, question, PATIENCE);
  }

  <Q extends Record, R extends Record> Future<R> ask(
      RoutingContext request, Address<Q, R> address, Q question, Duration patience) {
    return bus.request(address, question, patience)
        .onSuccess(
            answer ->
                request.response().putHeader("Content-Type", "application/json").end(json(answer)));
  }

  private static Buffer json(Record answer) {
    try {
      return Buffer.buffer(Json.MAPPER.writeValueAsBytes(answer));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("A record of ours cannot be written as JSON", e);
    }
  }
}
