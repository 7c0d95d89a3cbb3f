package dev.concert.gateway.dispatch;

import dev.concert.protocol.ClientMessage;
import io.vertx.core.Future;

/**
 * Answers the requests of one operation. It fails the future, or throws, where it cannot.
 *
 * @param <Q> the request
 * @param <R> the reply
 */
@FunctionalInterface
public interface OperationHandler<Q extends ClientMessage, R> {
  Future<R> handle(ApiRequest<Q> request);
}
