package dev.concert.ensemble.provider.chat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.Rates;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.upstream.ProviderType;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** A server that plays OpenAI from a script. */
public final class Upstream implements AutoCloseable {
  public static final String KEY = "sk-upstream-secret-0123456789";

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private volatile Consumer<HttpServerResponse> script = HttpServerResponse::end;
  private volatile String passed = "none";
  public final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
  public final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();

  /** Serves this path too, below {@code /v1}. */
  public void serve(String path) {
    passed = path;
  }

  public Upstream() {
    server =
        RunningEnsemble.await(
            vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
  }

  public void script(Consumer<HttpServerResponse> next) {
    script = next;
  }

  /** Answers with these bytes as a stream of events, ended cleanly. */
  public void events(String... pieces) {
    script(
        response -> {
          begin(response);
          for (String piece : pieces) {
            response.write(piece);
          }
          response.end();
        });
  }

  /** Answers with one piece after the other, and then the end, so many milliseconds apart. */
  public void slowly(long pauseMs, List<String> pieces, String end) {
    script(
        response -> {
          begin(response);
          writeSlowly(response, pauseMs, pieces, end);
        });
  }

  private void writeSlowly(
      HttpServerResponse response, long pauseMs, List<String> pieces, String end) {
    vertx.setTimer(
        pauseMs,
        timer -> {
          if (response.closed()) {
            return;
          }
          if (pieces.isEmpty()) {
            response.end(end);
          } else {
            response.write(pieces.getFirst());
            writeSlowly(response, pauseMs, pieces.subList(1, pieces.size()), end);
          }
        });
  }

  public void status(int status, String type, String body, String... headers) {
    script(
        response -> {
          response.setStatusCode(status).putHeader("content-type", type);
          for (int i = 0; i < headers.length; i += 2) {
            response.putHeader(headers[i], headers[i + 1]);
          }
          response.end(body);
        });
  }

  public static HttpServerResponse begin(HttpServerResponse response) {
    return response.setChunked(true).putHeader("content-type", "text/event-stream");
  }

  public static String data(String... events) {
    StringBuilder text = new StringBuilder();
    for (String event : events) {
      text.append("data: ").append(event).append("\n\n");
    }
    return text.toString();
  }

  public static String delta(String delta) {
    return """
    {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":%s,"finish_reason":null}]}\
    """
        .formatted(delta);
  }

  public static String text(String text) {
    return delta("{\"content\":\"" + text + "\"}");
  }

  public static String finish(String reason) {
    return "{\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
        + reason
        + "\"}],\"usage\":null}";
  }

  public static String usage(long prompt, long cached, long completion) {
    return "{\"id\":\"chatcmpl-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d,\"prompt_tokens_details\":{\"cached_tokens\":%d}}}"
        .formatted(prompt, completion, prompt + completion, cached);
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/v1/";
  }

  public ProviderOptions options() {
    return options(url());
  }

  /** One that is given up after 400 ms of silence: for tests that are about silence. */
  public ProviderOptions shortTimeoutOptions() {
    return options(url(), Duration.ofMillis(400));
  }

  /**
   * A provider of one model, "real": 3 dollars in, 15 out, 0.30 cached. Silence is borne for longer
   * than a busy host takes to answer for the first time.
   */
  public static ProviderOptions options(String url) {
    return options(url, Duration.ofSeconds(20));
  }

  /** The same with another time-out for silence. */
  public static ProviderOptions options(String url, Duration stall) {
    return options(url, model(stall, stall.plusSeconds(5)));
  }

  /** A provider of this model. */
  public static ProviderOptions options(String url, ServedModel model) {
    return new ProviderOptions(
        "scripted",
        ProviderType.OPENAI_COMPATIBLE,
        URI.create(url),
        Optional.of("SCRIPTED_KEY"),
        Optional.of(KEY),
        Map.of(),
        "max_tokens",
        Set.of(),
        List.of(model));
  }

  public static ServedModel model(Duration stall, Duration total) {
    return new ServedModel(
        "real",
        "vendor/real-1",
        "scripted",
        100_000,
        4_096,
        Capabilities.all(),
        new Price(
            Rates.of(new BigDecimal("3"), new BigDecimal("15"), new BigDecimal("0.30")), List.of()),
        stall,
        total);
  }

  @Override
  public void close() {
    RunningEnsemble.await(vertx.close());
  }

  private void handle(HttpServerRequest request) {
    authorizations.add(String.valueOf(request.getHeader("authorization")));
    HttpServerResponse response = request.response();
    if (!request.path().matches("/v1/(chat/completions|" + passed + ")")) {
      response.setStatusCode(404).end("wrong path " + request.path());
      return;
    }
    request
        .body()
        .map(Buffer::toString)
        .onSuccess(
            body -> {
              bodies.add(body);
              script.accept(response);
            });
  }
}
