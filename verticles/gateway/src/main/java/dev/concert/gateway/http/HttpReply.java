package dev.concert.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.contract.ByteStream;
import dev.concert.contract.FileBytes;
import dev.concert.gateway.idempotency.StoredReply;
import dev.concert.gateway.rest.EntityTag;
import dev.concert.json.Json;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.SecretReply;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the reply of a handler as an HTTP response. Used on the request's context. */
final class HttpReply {
  private static final Logger LOG = LoggerFactory.getLogger(HttpReply.class);
  private static final String ETAG = "ETag";

  private HttpReply() {}

  /**
   * Sends one response, also where the reply cannot be encoded.
   *
   * @param status where the reply is none that says its own
   */
  static void send(RoutingContext request, int status, Object reply) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      if (reply instanceof ByteStream stream) {
        stream.cancel().run();
      }
      return;
    }
    switch (reply) {
      case FileBytes file -> sendFile(request, file);
      case ByteStream stream -> sendStream(request, stream);
      case StoredReply stored -> sendStored(request, stored);
      default -> sendStored(request, encode(status, reply));
    }
  }

  /**
   * The reply as it is sent, with its headers.
   *
   * @throws IllegalStateException where it cannot be encoded
   */
  static StoredReply encode(int status, Object reply) {
    Map<String, String> headers = new TreeMap<>();
    EntityTag.ofReply(reply).ifPresent(tag -> headers.put(ETAG, tag));
    location(reply).ifPresent(place -> headers.put("Location", place));
    return new StoredReply(
        status, headers, json(reply), reply instanceof SecretReply one && one.hasSecret());
  }

  /** Where to go on with what was created or started. */
  private static Optional<String> location(Object reply) {
    return switch (reply) {
      case ServerEvent.SessionCreated created ->
          Optional.of("/api/sessions/" + created.session().id());
      case SessionEvent event when event.event() instanceof ServerEvent.TurnStarted ->
          Optional.of(
              "/api/sessions/%s/events?afterSeq=%d".formatted(event.sessionId(), event.seq() - 1));
      default -> Optional.empty();
    };
  }

  private static Buffer json(Object reply) {
    try {
      return reply instanceof SessionEvent event
          ? Buffer.buffer(EventCodec.encode(event))
          : Buffer.buffer(Json.MAPPER.writeValueAsBytes(reply));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A reply could not be encoded", e);
    }
  }

  private static void sendStored(RoutingContext request, StoredReply reply) {
    HttpServerResponse response = request.response();
    response.setStatusCode(reply.status());
    reply.headers().forEach(response::putHeader);
    if (reply.repeated()) {
      response.putHeader("Idempotent-Replayed", "true");
    }
    if (reply.secret() || reply.headers().containsKey(ETAG)) {
      // A strong tag is of these bytes, and the length of compressed bytes tells about a secret.
      doNotCompress(response);
    }
    if (reply.secret()) {
      response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
    if (!isUnchanged(request, reply.headers().get(ETAG))) {
      sendJson(request, reply.body());
    }
  }

  /** The response keeps its bytes: they are compressed already, or must not be. */
  private static void doNotCompress(HttpServerResponse response) {
    response.putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
  }

  /** Answers 304 to a reader that has this version. */
  private static boolean isUnchanged(RoutingContext request, String tag) {
    String known = request.request().getHeader("If-None-Match");
    HttpMethod method = request.request().method();
    boolean isRead = method == HttpMethod.GET || method == HttpMethod.HEAD;
    if (tag == null || known == null || !isRead || !EntityTag.matches(known, tag, true)) {
      return false;
    }
    request.response().setStatusCode(304).end();
    return true;
  }

  static void sendJson(RoutingContext request, Buffer json) {
    request.response().putHeader("Content-Type", "application/json");
    end(request, json);
  }

  private static void sendFile(RoutingContext request, FileBytes file) {
    HttpServerResponse response = request.response();
    doNotCompress(response);
    response
        // Never shown as a page of this origin, whatever is in it.
        .putHeader("Content-Type", "application/octet-stream")
        .putHeader("Content-Disposition", "attachment")
        .putHeader("X-Iteration", Long.toString(file.iteration()));
    Optional<String> tag = EntityTag.ofReply(file);
    tag.ifPresent(one -> response.putHeader(ETAG, one));
    file.nextOffset().ifPresent(next -> response.putHeader("X-Next-Offset", Long.toString(next)));
    if (!isUnchanged(request, tag.orElse(null))) {
      end(request, file.content());
    }
  }

  /** Ends the response; to {@code HEAD} without its body. */
  static void end(RoutingContext request, Buffer body) {
    if (request.request().method() == HttpMethod.HEAD) {
      request.response().putHeader("Content-Length", Integer.toString(body.length())).end();
    } else {
      request.response().end(body);
    }
  }

  private static void sendStream(RoutingContext request, ByteStream stream) {
    HttpServerResponse response = request.response();
    doNotCompress(response);
    response
        .putHeader("Content-Type", stream.mediaType())
        .putHeader("Content-Disposition", "attachment; filename=\"" + stream.fileName() + '"');
    stream.headers().forEach(response::putHeader);
    if (request.request().method() == HttpMethod.HEAD) {
      stream.cancel().run();
      response.end();
      return;
    }
    response.setChunked(true);
    stream
        .content()
        .pipe()
        .endOnFailure(false)
        .to(response)
        .onFailure(
            failure -> {
              LOG.debug("A stream was not passed on to its end", failure);
              stream.cancel().run();
              response.reset();
            });
  }
}
