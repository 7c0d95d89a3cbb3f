package dev.concert.ensemble.provider.openai;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.ProviderCall;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Any server that speaks OpenAI's chat completions with {@code stream: true}: OpenAI itself,
 * Ollama, llama.cpp, vLLM, SGLang, LM Studio, OpenRouter and others.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/chat/streaming
 */
public final class OpenAiProvider implements Provider {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_CONNECTIONS = 1_000;

  private final OpenAiOptions options;
  private final UpstreamGate gate;

  public OpenAiProvider(Vertx vertx, OpenAiOptions options) {
    this(vertx, options, UpstreamGate.DEFAULT_REST);
  }

  /**
   * @param rest how long a failing server is left alone before one call tries it again
   */
  public OpenAiProvider(Vertx vertx, OpenAiOptions options, Duration rest) {
    this.options = options;
    HttpClientAgent client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setTcpNoDelay(true)
                .setDecompressionSupported(true),
            new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    this.gate = new UpstreamGate(vertx, client, options, rest);
  }

  @Override
  public String name() {
    return options.name();
  }

  @Override
  public List<ServedModel> models() {
    return options.models();
  }

  @Override
  public boolean hasKey() {
    return options.hasKey();
  }

  @Override
  public boolean healthy() {
    return gate.state() == CircuitBreakerState.CLOSED;
  }

  @Override
  public ProviderCall start(ServedModel model, InferenceRequest request, Consumer<Block> sink) {
    OpenAiCall call = new OpenAiCall(options.name(), gate, sink);
    call.begin(ChatRequest.of(model, request, options.maxTokensField()).toJson());
    return call;
  }
}
