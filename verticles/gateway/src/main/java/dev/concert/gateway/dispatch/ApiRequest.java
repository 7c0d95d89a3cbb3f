package dev.concert.gateway.dispatch;

import dev.concert.contract.ApiOperation;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.connection.Client;
import dev.concert.gateway.rest.EntityTag;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * What a handler gets: who asks, what, and how much time is left. Thread-safe.
 *
 * @param <Q> the request record
 */
public final class ApiRequest<Q extends ClientMessage> {
  private final Requester requester;
  private final ApiOperation<Q, ?> operation;
  private final Q message;
  private final long deadline;
  private final List<Runnable> afterReply = new CopyOnWriteArrayList<>();

  /** A request whose caller waits as long as the operation says. */
  public ApiRequest(Requester requester, ApiOperation<Q, ?> operation, Q message) {
    this(requester, operation, message, operation.timeout());
  }

  /**
   * @param timeout how long the caller waits, from now
   */
  ApiRequest(Requester requester, ApiOperation<Q, ?> operation, Q message, Duration timeout) {
    this.requester = requester;
    this.operation = operation;
    this.message = message;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  public Q message() {
    return message;
  }

  /** Who asks. The dispatcher let nobody through to a handler that needs this without it. */
  public Identity who() {
    return requester.identity().orElseThrow();
  }

  /** What the caller must be allowed to do in the session that the request is about. */
  public Permission needed() {
    return operation.permission().orElse(Permission.THREADS_READ);
  }

  public Optional<String> requestId() {
    return requester.requestId();
  }

  /** The connection that the request came through. Only the WebSocket has one. */
  public Client client() {
    return requester
        .client()
        .orElseThrow(() -> new IllegalStateException("This transport has no connection"));
  }

  /** The same; empty where the transport has no connection that outlives the request. */
  public Optional<Client> connection() {
    return requester.client();
  }

  Requester requester() {
    return requester;
  }

  /**
   * Refuses to change a thing that is not in a version that the caller named.
   *
   * @param currentTag of the thing as it is now
   * @throws ConcertException {@code PRECONDITION_FAILED}
   */
  public void verifyVersion(Supplier<String> currentTag) {
    requester
        .ifMatch()
        .filter(wanted -> !EntityTag.matches(wanted, currentTag.get(), false))
        .ifPresent(
            _ -> {
              throw new ConcertException(
                  ErrorCode.PRECONDITION_FAILED, "It was changed since you read it.");
            });
  }

  /** Whether the caller named the version that it wants to change. */
  public boolean namesVersion() {
    return wantedVersions().isPresent();
  }

  /** The entity tags of the versions that the caller wants to change, as a header has them. */
  public Optional<String> wantedVersions() {
    return requester.ifMatch();
  }

  /** How long the caller still waits; zero when the time is over. */
  public Duration timeLeft() {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** Has work done once the reply was sent; it is not done when the request fails. */
  public void afterReply(Runnable work) {
    afterReply.add(work);
  }

  /** The transport sent the reply. */
  public void replied() {
    afterReply.forEach(Runnable::run);
  }
}
