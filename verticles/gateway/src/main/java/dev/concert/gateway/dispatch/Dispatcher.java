package dev.concert.gateway.dispatch;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import dev.concert.contract.KeyOperations;
import dev.concert.contract.MemberOperations;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.gateway.registry.SessionAccess;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Brings each request to its handler.
 *
 * <p>The future of a request completes exactly once, whatever its handler does: answer, fail,
 * throw, or never complete, which is a {@code TIMEOUT}. It fails with a {@link ConcertException}
 * and nothing else; any other failure is logged here and becomes {@code INTERNAL}. Thread-safe.
 */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** Operations about sessions that do not name one by its id. */
  private static final Set<ApiOperation<?, ?>> ABOUT_SESSIONS =
      Set.of(
          ContractTable.LIST_SESSIONS,
          ContractTable.DOWNLOAD_AGENT_FILE,
          ContractTable.UPLOAD_AGENT_FILE);

  private final Vertx vertx;
  private final Handlers handlers;

  /**
   * @param handlers complete
   */
  public Dispatcher(Vertx vertx, Handlers handlers) {
    this.vertx = vertx;
    this.handlers = handlers;
  }

  /**
   * Whether this caller may ask for this operation at all.
   *
   * @return empty, or {@code UNAUTHENTICATED}, {@code NOT_SERVED} or {@code FORBIDDEN}
   */
  public static Optional<ConcertException> refusal(
      ApiOperation<?, ?> operation, Optional<Identity> identity) {
    if (!needsIdentity(operation)) {
      return Optional.empty();
    }
    if (identity.isEmpty()) {
      return Optional.of(
          new ConcertException(ErrorCode.UNAUTHENTICATED, "The connection is not authenticated."));
    }
    if (operation.planned()) {
      return Optional.of(
          new ConcertException(
              ErrorCode.NOT_SERVED, "This server does not serve '" + operation.name() + "' yet."));
    }
    Identity who = identity.get();
    if (who.onlySessions().isPresent()
        && !isAboutSessions(operation)
        && !isAlwaysAllowed(operation)) {
      return Optional.of(
          new ConcertException(
              ErrorCode.FORBIDDEN, "This key is limited to sessions, and this is about none."));
    }
    return operation
        .permission()
        .filter(needed -> !who.permissions().contains(needed))
        // Decided at the session, which may be shared with a caller whose role gives less.
        .filter(needed -> !(isAboutSessions(operation) && SessionAccess.couldBeGiven(who, needed)))
        .map(
            missing ->
                new ConcertException(
                    ErrorCode.FORBIDDEN, "You lack the permission '" + missing.wireName() + "'."));
  }

  /** Whether a caller has to authenticate before; the others carry a token of their own. */
  public static boolean needsIdentity(ApiOperation<?, ?> operation) {
    return operation != ContractTable.AUTHENTICATE
        && operation != MemberOperations.ACCEPT_INVITATION;
  }

  private static boolean isAboutSessions(ApiOperation<?, ?> operation) {
    return operation.scope() == ApiOperation.Scope.SESSION || ABOUT_SESSIONS.contains(operation);
  }

  /** A key sees and revokes itself. */
  private static boolean isAlwaysAllowed(ApiOperation<?, ?> operation) {
    return operation.permission().isEmpty()
        || operation == KeyOperations.LIST_KEYS
        || operation == KeyOperations.REVOKE_KEY;
  }

  /** The reply. It may complete on any thread. */
  public <Q extends ClientMessage, R> Future<R> dispatch(
      ApiOperation<Q, R> operation, ApiRequest<Q> request) {
    Promise<R> reply = Promise.promise();
    call(operation, request).onComplete(result -> complete(operation, request, reply, result));
    if (!reply.future().isComplete()) {
      long timer =
          vertx.setTimer(
              Math.max(1, request.timeLeft().toMillis()), _ -> reply.tryFail(timedOut(operation)));
      reply.future().onComplete(_ -> vertx.cancelTimer(timer));
    }
    return reply.future();
  }

  private <Q extends ClientMessage, R> Future<R> call(
      ApiOperation<Q, R> operation, ApiRequest<Q> request) {
    Optional<ConcertException> refusal = refusal(operation, request.requester().identity());
    if (refusal.isPresent()) {
      return Future.failedFuture(refusal.get());
    }
    try {
      return handlers.handle(operation, request);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static <R> void complete(
      ApiOperation<?, R> operation,
      ApiRequest<?> request,
      Promise<R> reply,
      AsyncResult<R> result) {
    if (result.succeeded()) {
      reply.tryComplete(result.result());
    } else {
      reply.tryFail(known(operation, request, result.cause()));
    }
  }

  private static ConcertException known(
      ApiOperation<?, ?> operation, ApiRequest<?> request, Throwable failure) {
    if (failure instanceof ConcertException known) {
      about(request, LOG.atDebug().addKeyValue("code", known.code()))
          .log("'{}' is refused: {}", operation.name(), known.code());
      return known;
    }
    if (Problem.isDefect(failure)) {
      about(request, LOG.atError()).setCause(failure).log("'{}' failed", operation.name());
    }
    return Problem.of(failure).toException();
  }

  private static LoggingEventBuilder about(ApiRequest<?> request, LoggingEventBuilder line) {
    LoggingEventBuilder named = line;
    if (request.requestId().isPresent()) {
      named = named.addKeyValue("requestId", request.requestId().get());
    }
    if (request.message() instanceof ClientMessage.ForSession message) {
      named = named.addKeyValue("sessionId", message.sessionId());
    }
    Optional<Identity> who = request.requester().identity();
    return who.isPresent() ? named.addKeyValue("tenantId", who.get().tenantId()) : named;
  }

  private static ConcertException timedOut(ApiOperation<?, ?> operation) {
    return new ConcertException(
        ErrorCode.TIMEOUT,
        "'%s' was not answered within %d s."
            .formatted(operation.name(), operation.timeout().toSeconds()));
  }
}
