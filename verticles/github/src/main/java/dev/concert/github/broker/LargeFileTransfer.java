package dev.concert.github.broker;

import dev.concert.github.broker.LargeFileAddresses.Address;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Passes the bytes of files of Git LFS between git and where the forge has them. Of what a server
 * answers to a write git gets the status only: the rest may repeat what is secret. On one context.
 *
 * <p>Format: https://github.com/git-lfs/git-lfs/blob/main/docs/api/basic-transfers.md
 */
record LargeFileTransfer(HttpClient client, LargeFileHosts hosts) {
  private static final String TYPE = "application/vnd.git-lfs+json";
  private static final String CHUNKED = "transfer-encoding";

  /** What belongs to one connection, or is written here. */
  private static final Set<String> LEFT_OUT =
      Set.of("host", "content-length", CHUNKED, "connection", "expect");

  /** Reads a file. */
  Future<Void> read(HttpServerRequest request, Address from) {
    return connect(HttpMethod.GET, from)
        .compose(
            to -> {
              Optional.ofNullable(request.getHeader("Range"))
                  .ifPresent(range -> to.putHeader("Range", range));
              return to.send();
            })
        .compose(answer -> pass(request, answer));
  }

  private Future<HttpClientRequest> connect(HttpMethod method, Address address) {
    return hosts
        .request(address)
        .compose(
            options -> {
              address
                  .headers()
                  .forEach(
                      (name, value) -> {
                        if (!LEFT_OUT.contains(name.toLowerCase(Locale.ROOT))) {
                          options.putHeader(name, value);
                        }
                      });
              return client.request(new RequestOptions(options).setMethod(method));
            });
  }

  private static Future<Void> pass(HttpServerRequest request, HttpClientResponse answer) {
    request.response().setStatusCode(status(answer)).setChunked(true);
    Optional.ofNullable(answer.getHeader("Content-Range"))
        .ifPresent(range -> request.response().putHeader("Content-Range", range));
    return answer.pipeTo(request.response());
  }

  /** A status that would make git ask a person for a password says that no more. */
  static int status(HttpClientResponse answer) {
    return answer.statusCode() == 401 ? 403 : answer.statusCode();
  }

  /**
   * Writes a file, of the size that git named before.
   *
   * @param request paused, nothing read of it
   */
  Future<Void> write(HttpServerRequest request, Address to) {
    if (!Long.toString(to.size()).equals(request.getHeader("Content-Length"))) {
      return Future.failedFuture(
          new RefusedPushException(
              Optional.empty(),
              "This file was announced with %d bytes. Send as many, with a Content-Length."
                  .formatted(to.size())));
    }
    return connect(HttpMethod.PUT, to)
        .compose(upstream -> stream(request, upstream, to))
        .compose(answer -> done(request, answer));
  }

  private static Future<HttpClientResponse> stream(
      HttpServerRequest request, HttpClientRequest upstream, Address to) {
    if (to.headers().keySet().stream().anyMatch(CHUNKED::equalsIgnoreCase)) {
      upstream.setChunked(true);
    } else {
      upstream.putHeader("Content-Length", Long.toString(to.size()));
    }
    if (upstream.headers().get("Content-Type") == null) {
      upstream.putHeader("Content-Type", "application/octet-stream");
    }
    Promise<HttpClientResponse> answer = Promise.promise();
    upstream
        .response()
        .onComplete(
            done -> {
              if (done.succeeded()) {
                answer.tryComplete(done.result());
              } else {
                answer.tryFail(done.cause());
              }
            });
    // Not ended on failure: half a file must not look like a whole one.
    request
        .pipe()
        .endOnFailure(false)
        .to(upstream)
        .onFailure(
            failure -> {
              answer.tryFail(failure);
              upstream.reset();
            });
    return answer.future();
  }

  private static Future<Void> done(HttpServerRequest request, HttpClientResponse answer) {
    HttpServerResponse response = request.response().setStatusCode(status(answer));
    if (request.isEnded()) {
      return response.end();
    }
    // The rest of the file has no reader.
    answer.request().reset();
    return response
        .putHeader("Connection", "close")
        .end()
        .onComplete(_ -> request.connection().close());
  }

  /** Has the forge look whether a file arrived. */
  Future<Void> verify(HttpServerRequest request, String object, Address at) {
    request.handler(_ -> {});
    request.resume();
    String question =
        Json.MAPPER.createObjectNode().put("oid", object).put("size", at.size()).toString();
    return connect(HttpMethod.POST, at)
        .compose(to -> to.putHeader("Accept", TYPE).putHeader("Content-Type", TYPE).send(question))
        .compose(answer -> request.response().setStatusCode(status(answer)).end());
  }
}
