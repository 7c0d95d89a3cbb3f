package dev.concert.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The model behind every gateway that is compared: it speaks Chat Completions and thinks of
 * nothing. A whole answer comes at once, or after a time that is told in it; a stream has 20
 * pieces, one every 20 ms, each with the time of its sending. Arguments, if any: other numbers of
 * pieces and milliseconds between them, and how many milliseconds a whole answer takes on average.
 */
public final class ModelServer {
  private static final int USUAL_PIECES = 20;
  private static final int USUAL_PAUSE_MS = 20;

  private static final String WHOLE =
      """
      {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
      "message":{"role":"assistant","content":"%d Forty-two."},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25}}""";
  private static final String PIECE =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
          + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%d \"},\"finish_reason\":null}]}\n\n";
  private static final String END =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
          + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":"
          + "{\"prompt_tokens\":20,\"completion_tokens\":20,\"total_tokens\":40}}\n\ndata: [DONE]\n\n";

  private final Vertx vertx = Vertx.vertx();

  private final int pieces;
  private final int pauseMs;
  private final int thoughtMs;

  private ModelServer(int pieces, int pauseMs, int thoughtMs) {
    this.pieces = pieces;
    this.pauseMs = pauseMs;
    this.thoughtMs = thoughtMs;
  }

  /** Runs until it is killed; prints its port. */
  public static void main(String[] arguments) {
    ModelServer server =
        arguments.length == 0
            ? new ModelServer(USUAL_PIECES, USUAL_PAUSE_MS, 0)
            : new ModelServer(
                Integer.parseInt(arguments[0]),
                Integer.parseInt(arguments[1]),
                arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0);
    server
        .vertx
        .createHttpServer()
        .requestHandler(request -> request.body().onSuccess(body -> server.answer(request, body)))
        .listen(0, "127.0.0.1")
        .onSuccess(listening -> System.out.println("ready " + listening.actualPort()))
        .onFailure(failure -> System.out.println("failed " + failure));
  }

  private void answer(HttpServerRequest request, Buffer body) {
    HttpServerResponse response = request.response();
    if (!body.toString().replace(" ", "").contains("\"stream\":true")) {
      response.putHeader("content-type", "application/json");
      whole(response);
      return;
    }
    response.setChunked(true).putHeader("content-type", "text/event-stream");
    piece(response, 0);
  }

  /** Never the same time for all, else those who ask at once would ask at once again. */
  private void whole(HttpServerResponse response) {
    if (thoughtMs == 0) {
      response.end(WHOLE.formatted(0));
      return;
    }
    long asked = System.nanoTime();
    vertx.setTimer(
        ThreadLocalRandom.current().nextLong(thoughtMs / 2, thoughtMs * 3 / 2),
        timer -> response.end(WHOLE.formatted(System.nanoTime() - asked)));
  }

  private void piece(HttpServerResponse response, int number) {
    if (response.closed()) {
      return;
    }
    if (number == pieces) {
      response.end(END);
      return;
    }
    response.write(PIECE.formatted(System.nanoTime()));
    vertx.setTimer(pauseMs, timer -> piece(response, number + 1));
  }
}
