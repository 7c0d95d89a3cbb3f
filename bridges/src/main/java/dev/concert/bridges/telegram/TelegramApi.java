package dev.concert.bridges.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.multipart.MultipartForm;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;

/** Calls methods of the Bot API, once each. The token is in the address, which is never logged. */
final class TelegramApi {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration UPLOAD = Duration.ofMinutes(1);
  private static final int CONNECT_MS = 5000;
  private static final int MAX_PAUSE_SECONDS = 3600;

  private final WebClient client;
  private final String base;

  TelegramApi(ChatNetwork network, URI base) {
    WebClientOptions web =
        new WebClientOptions().setConnectTimeout(CONNECT_MS).setFollowRedirects(false);
    network.proxies().to(base).ifPresent(web::setProxyOptions);
    this.client = WebClient.create(network.vertx(), web);
    this.base = base.toString().replaceAll("/+$", "");
  }

  Future<TelegramReply> call(String token, String method, ObjectNode parameters) {
    return call(token, method, parameters, TIMEOUT);
  }

  Future<TelegramReply> call(String token, String method, ObjectNode parameters, Duration timeout) {
    return client
        .postAbs("%s/bot%s/%s".formatted(base, token, method))
        .timeout(timeout.toMillis())
        .putHeader("Content-Type", "application/json")
        .sendBuffer(Buffer.buffer(parameters.toString()))
        .map(TelegramApi::reply)
        .otherwise(TelegramApi::failure);
  }

  /** Posts a form with a file. */
  Future<TelegramReply> call(String token, String method, MultipartForm form) {
    return client
        .postAbs("%s/bot%s/%s".formatted(base, token, method))
        .timeout(UPLOAD.toMillis())
        .sendMultipartForm(form)
        .map(TelegramApi::reply)
        .otherwise(TelegramApi::failure);
  }

  /** The address of a file, which has the token in it. */
  String file(String token, String path) {
    return "%s/file/bot%s/%s".formatted(base, token, path);
  }

  private static TelegramReply reply(HttpResponse<Buffer> response) {
    JsonNode body;
    try {
      body = Json.MAPPER.readTree(response.bodyAsString("UTF-8"));
    } catch (IOException | IllegalArgumentException e) {
      return new TelegramReply.Unknown("HTTP " + response.statusCode());
    }
    if (body.path("ok").asBoolean()) {
      return new TelegramReply.Ok(body.path("result"));
    }
    int code = body.path("error_code").asInt(response.statusCode());
    if (code == 429) {
      int seconds = body.path("parameters").path("retry_after").asInt(30);
      return new TelegramReply.Limited(
          Duration.ofSeconds(Math.clamp(seconds, 1, MAX_PAUSE_SECONDS)));
    }
    return code >= 500
        ? new TelegramReply.Unknown("HTTP " + code)
        : new TelegramReply.Refused(body.path("description").asText("HTTP " + code));
  }

  private static TelegramReply failure(Throwable failure) {
    String reason = failure.getClass().getSimpleName();
    return failure instanceof ConnectException || failure instanceof UnknownHostException
        ? new TelegramReply.Unreached(reason)
        : new TelegramReply.Unknown(reason);
  }
}
