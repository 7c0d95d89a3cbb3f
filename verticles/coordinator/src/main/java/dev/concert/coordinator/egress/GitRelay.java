package dev.concert.coordinator.egress;

import dev.concert.coordinator.egress.policy.Destination;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Map;

/**
 * Answers {@code http://git.concert/OWNER/REPOSITORY.git}, a name that exists in sandboxes only:
 * passes git on to whoever has the grant of the agent's session. No policy is asked, since the
 * grant alone says what is reached. Belongs to one event loop.
 */
final class GitRelay {
  private static final String HOST = "git.concert";
  private static final int PORT = 80;

  private final GitDoor door;
  private final HttpClient client;
  private final EgressListener listener;

  GitRelay(GitDoor door, HttpClient client, EgressListener listener) {
    this.door = door;
    this.client = client;
    this.listener = listener;
  }

  /** Whether a request is for git, whatever its port. */
  static boolean isFor(Destination wanted) {
    return wanted.host().equals(HOST);
  }

  /** Completes when the response is passed back. */
  Future<Void> serve(HttpServerRequest request, ProxyTarget target) {
    Destination wanted = target.destination();
    if (request.method() == HttpMethod.CONNECT || wanted.port() != PORT) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.FORBIDDEN, "Git is at http://%s only, without a port.".formatted(HOST)));
    }
    long start = System.nanoTime();
    return door.open()
        .compose(
            way ->
                client
                    .request(
                        new RequestOptions()
                            .setMethod(request.method())
                            .setHost(way.host())
                            .setPort(way.port())
                            .setURI(target.path()))
                    .compose(
                        to -> {
                          HttpRelay relay =
                              new HttpRelay(
                                  request, to, Map.of("Authorization", "Bearer " + way.key()));
                          return relay
                              .run()
                              .onComplete(
                                  _ ->
                                      listener.closed(
                                          wanted.toString(),
                                          request.bytesRead(),
                                          relay.bytesReceived(),
                                          Duration.ofNanos(System.nanoTime() - start)));
                        }));
  }

  /** The sentence of a failure, which git shows. */
  static EgressRefusal refusal(Destination wanted, Throwable failure) {
    return failure instanceof ConcertException known
        ? new EgressRefusal(known.code().httpStatus() < 500 ? 403 : 502, known.getMessage())
        : EgressRefusal.of(wanted, failure);
  }
}
