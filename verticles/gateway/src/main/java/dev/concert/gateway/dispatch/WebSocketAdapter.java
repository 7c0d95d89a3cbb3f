package dev.concert.gateway.dispatch;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.ClientFrame;
import dev.concert.contract.ContractTable;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.gateway.connection.Client;
import dev.concert.gateway.connection.MessageHandler;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the messages of the WebSocket: one reply or one error for each. Thread-safe. */
public final class WebSocketAdapter implements MessageHandler {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketAdapter.class);

  /** Operations whose replies are prepared one after the other for a client. */
  private static final Set<ApiOperation<?, ?>> MAY_BE_LARGE =
      Set.of(
          ContractTable.LIST_SESSIONS,
          ContractTable.GET_HISTORY,
          ContractTable.GET_EVENTS,
          ContractTable.LIST_FILES,
          ContractTable.READ_FILE,
          ContractTable.FILE_HISTORY,
          ContractTable.FILE_AT_ITERATION);

  private final Dispatcher dispatcher;

  public WebSocketAdapter(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public Future<Void> handle(Client client, ClientFrame.Valid frame) {
    return answer(client, frame.requestId(), frame.operation(), frame.message());
  }

  private <Q extends ClientMessage, R> Future<Void> answer(
      Client client,
      Optional<String> requestId,
      ApiOperation<Q, R> operation,
      ClientMessage message) {
    if (MAY_BE_LARGE.contains(operation)) {
      return client
          .largeReplies()
          .inTurn(() -> dispatch(client, requestId, operation, message))
          .onFailure(failure -> client.refuse(requestId, Problem.of(failure)));
    }
    return dispatch(client, requestId, operation, message);
  }

  /** Completes when the reply was given to the client. */
  private <Q extends ClientMessage, R> Future<Void> dispatch(
      Client client,
      Optional<String> requestId,
      ApiOperation<Q, R> operation,
      ClientMessage message) {
    Requester requester = Requester.of(client, requestId);
    ApiRequest<Q> request =
        new ApiRequest<>(requester, operation, operation.request().cast(message));
    return dispatcher
        .dispatch(operation, request)
        .transform(
            result -> {
              send(client, operation, request, result);
              return Future.succeededFuture();
            });
  }

  private static void send(
      Client client, ApiOperation<?, ?> operation, ApiRequest<?> request, AsyncResult<?> result) {
    if (result.failed()) {
      client.refuse(request.requestId(), Problem.of(result.cause()));
      return;
    }
    try {
      switch (result.result()) {
        case ServerEvent event -> client.reply(request.requestId(), event);
        case SessionEvent event -> client.reply(request.requestId(), event);
        case Record other -> client.replyWith(request.requestId(), other);
        case Object other ->
            throw new IllegalStateException("No frame can carry " + other.getClass().getName());
      }
    } catch (RuntimeException e) {
      client.refuse(request.requestId(), tooLarge(operation, Problem.of(logged(operation, e))));
      return;
    }
    request.replied();
  }

  /** Says where a reply that is too large for the WebSocket can be had. */
  private static Problem tooLarge(ApiOperation<?, ?> operation, Problem problem) {
    return ContractTable.routeOf(operation)
        .filter(_ -> problem.code() == ErrorCode.FILE_TOO_LARGE)
        .map(
            route ->
                new Problem(
                    problem.code(),
                    "%s The whole of it is at %s %s."
                        .formatted(problem.message(), route.method(), route.path())))
        .orElse(problem);
  }

  private static Throwable logged(ApiOperation<?, ?> operation, RuntimeException failure) {
    if (!(failure instanceof dev.concert.error.ConcertException)) {
      LOG.error("The reply to '{}' could not be encoded", operation.name(), failure);
    }
    return failure;
  }
}
