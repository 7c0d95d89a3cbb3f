package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.ToolDefinition;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A vendor's server, spoken to over HTTP in its own dialect. */
public final class HttpProvider implements Provider {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** As many streams as can be open: with fewer, calls would wait for each other here. */
  private static final int MAX_CONNECTIONS = 20_000;

  private final Vertx vertx;
  private final ProviderOptions options;
  private final Dialect dialect;
  private final UpstreamGate gate;
  private final Supplier<Optional<String>> given;

  public HttpProvider(Vertx vertx, ProviderOptions options, Dialect dialect) {
    this(vertx, options, dialect, Optional::empty);
  }

  /**
   * @param given the key that an operator has given at run time; used where there is none in the
   *     configuration
   */
  public HttpProvider(
      Vertx vertx, ProviderOptions options, Dialect dialect, Supplier<Optional<String>> given) {
    this(vertx, options, dialect, given, UpstreamGate.DEFAULT_REST);
  }

  /**
   * @param rest how long a failing server is left alone before one call tries it again
   */
  public HttpProvider(
      Vertx vertx,
      ProviderOptions options,
      Dialect dialect,
      Supplier<Optional<String>> given,
      Duration rest) {
    this.given = given;
    this.vertx = vertx;
    this.options = options;
    this.dialect = dialect;
    HttpClientAgent client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setTcpNoDelay(true)
                .setDecompressionSupported(true),
            new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    this.gate = new UpstreamGate(vertx, client, options, this::headers, rest);
  }

  @Override
  public String name() {
    return options.name();
  }

  @Override
  public String endpoint() {
    return options.way();
  }

  @Override
  public RateLimit limit() {
    return options.limit();
  }

  @Override
  public boolean hasConfiguredKey() {
    return options.key().isPresent();
  }

  @Override
  public boolean admits() {
    return gate.state() != CircuitBreakerState.OPEN;
  }

  @Override
  public List<ServedModel> models() {
    return options.models();
  }

  @Override
  public boolean hasKey() {
    return options.hasKey() || given.get().isPresent();
  }

  @Override
  public boolean healthy() {
    return gate.state() == CircuitBreakerState.CLOSED;
  }

  @Override
  public ProviderCall start(ServedModel model, InferenceRequest request, Consumer<Block> sink) {
    UpstreamRequest theirs;
    try {
      checkServerTools(request);
      theirs = dialect.encode(model, request);
    } catch (ConcertException refused) {
      return new RefusedCall(vertx, refused);
    }
    UpstreamCall call =
        new UpstreamCall(options.name(), gate, reader(request, sink), model.can().streaming());
    call.begin(theirs.path(), Buffer.buffer(ExactJson.text(theirs.body())));
    return call;
  }

  private AnswerReader reader(InferenceRequest request, Consumer<Block> sink) {
    if (request.stops().isEmpty() || dialect.takesStopSequences()) {
      return dialect.reader(new UniqueCalls(sink));
    }
    StopScanner scanner = new StopScanner(request.stops(), sink);
    return new StoppingReader(dialect.reader(new UniqueCalls(scanner)), scanner);
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>(options.headers());
    options.key().or(given).ifPresent(key -> headers.putAll(dialect.headers(key)));
    return headers;
  }

  /** They run, and cost, on the provider's side: only those that an operator has allowed. */
  private void checkServerTools(InferenceRequest request) {
    for (int i = 0; i < request.offeredTools().size(); i++) {
      ToolDefinition tool = request.offeredTools().get(i);
      String type = tool.runsAtProvider() ? tool.serverTool().path("type").asText() : "";
      if (tool.runsAtProvider() && !options.serverTools().contains(type)) {
        throw new ConcertException(
            ErrorCode.INVALID_MESSAGE,
            "tools[%d].server_tool: the type '%s' is not allowed at the provider '%s'."
                .formatted(i, UpstreamError.shortened(type), options.name()));
      }
    }
  }
}
