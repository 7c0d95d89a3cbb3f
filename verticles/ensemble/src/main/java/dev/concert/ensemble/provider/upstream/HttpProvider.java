package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.AnswerSink;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.ensemble.provider.VendorStore;
import dev.concert.error.ConcertException;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A provider that is called over HTTP in its vendor's dialect. */
public final class HttpProvider implements Provider {
  /** How long the circuit breaker usually stays open. */
  public static final Duration DEFAULT_REST = UpstreamClient.DEFAULT_REST;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Allows as many connections as open streams; with fewer, calls would wait for each other. */
  private static final int MAX_CONNECTIONS = 20_000;

  private final Vertx vertx;
  private final ProviderOptions options;
  private final DialectChoice dialect;
  private final VendorToolCheck tools;
  private final SearchOffers offers;
  private final UpstreamClient gate;
  private final UpstreamTokenCount counts;
  private final OfferedModels listed;
  private final Optional<VendorStore> stored;
  private final Supplier<Optional<String>> given;

  public HttpProvider(Vertx vertx, ProviderOptions options, DialectChoice dialect) {
    this(vertx, options, dialect, Optional::empty);
  }

  /**
   * @param given the key that an operator has stored; used if the configuration has none
   */
  public HttpProvider(
      Vertx vertx,
      ProviderOptions options,
      DialectChoice dialect,
      Supplier<Optional<String>> given) {
    this(vertx, options, dialect, given, DEFAULT_REST);
  }

  /**
   * @param rest how long the circuit breaker stays open before one call probes the server
   */
  public HttpProvider(
      Vertx vertx,
      ProviderOptions options,
      DialectChoice dialect,
      Supplier<Optional<String>> given,
      Duration rest) {
    this(
        vertx,
        options,
        dialect,
        given,
        new KeyAuthorization(() -> options.key().or(given), dialect::headers),
        rest);
  }

  /**
   * @param authorization what proves to the vendor who calls
   */
  public HttpProvider(
      Vertx vertx,
      ProviderOptions options,
      DialectChoice dialect,
      Supplier<Optional<String>> given,
      RequestAuthorization authorization,
      Duration rest) {
    this.given = given;
    this.vertx = vertx;
    this.options = options;
    this.dialect = dialect;
    this.offers = new SearchOffers(options.serverTools());
    this.tools = new VendorToolCheck(options.name(), options.serverTools());
    HttpClientOptions connections =
        new HttpClientOptions()
            .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
            .setTcpNoDelay(true)
            .setDecompressionSupported(true);
    options.proxies().to(options.baseUrl()).ifPresent(connections::setProxyOptions);
    HttpClientAgent client =
        vertx.createHttpClient(connections, new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    this.gate = new UpstreamClient(vertx, client, options, authorization, rest);
    this.listed = new OfferedModels(client, options, authorization);
    this.stored =
        options
            .type()
            .keeps()
            .map(
                api ->
                    new UpstreamStore(
                        options.name(),
                        api,
                        options.type() != ProviderType.OPENAI_COMPATIBLE,
                        tools,
                        new UpstreamClient(vertx, client, options, authorization, rest)));
    this.counts =
        new UpstreamTokenCount(
            options.name(), new UpstreamClient(vertx, client, options, authorization, rest));
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

  /** The lists of clouds have other paths and names. */
  @Override
  public Future<List<String>> offered() {
    return options.type().usualUrl().isPresent() || options.type() == ProviderType.OPENAI_COMPATIBLE
        ? listed.names()
        : Future.succeededFuture(List.of());
  }

  @Override
  public Optional<String> keyVariable() {
    return options.keyVariable();
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
  public Optional<Wire> wire(ServedModel model, InferenceRequest request) {
    return dialect.of(model, request).wire();
  }

  @Override
  public List<UncarriedField> uncarried(ServedModel model, InferenceRequest request) {
    List<UncarriedField> fields = new ArrayList<>(Provider.super.uncarried(model, request));
    if (request.client() != null && PassThroughRequest.of(request).isEmpty()) {
      Dialect spoken = dialect.of(model, request);
      fields.removeIf(field -> spoken.carries(request.client(), field));
      fields.addAll(offers.in(request.client().body()));
      fields.addAll(LeftOutFields.of(model, options.omittedFields(), request.client()));
      Optional<ClientRequest> own = spoken.wire().flatMap(request::clientOn);
      own.map(spoken::uncarried).ifPresent(fields::addAll);
      if (own.isEmpty()) {
        spoken.lacks(model, request).stream()
            .filter(option -> option.isIn(request))
            .map(option -> new UncarriedField(option.in(request.client()), false))
            .filter(field -> !fields.contains(field))
            .forEach(fields::add);
      }
    }
    return fields;
  }

  @Override
  public Future<OptionalLong> countTokens(ServedModel model, InferenceRequest request) {
    Dialect spoken = dialect.of(model, request);
    try {
      UpstreamRequest theirs =
          encoded(spoken, model, request, spoken.wire().flatMap(request::clientOn));
      return spoken
          .countTokens(model, theirs)
          .map(counts::count)
          .orElseGet(() -> Future.succeededFuture(OptionalLong.empty()));
    } catch (ConcertException refused) {
      // A call would be refused as well, and says why.
      return Future.succeededFuture(OptionalLong.empty());
    }
  }

  private UpstreamRequest encoded(
      Dialect spoken, ServedModel model, InferenceRequest request, Optional<ClientRequest> own) {
    if (request.client() != null) {
      tools.checkFields(request.client().body());
    }
    if (options.type() == ProviderType.OPENROUTER && !options.models().contains(model)) {
      tools.checkChosenName(model.upstreamId());
    }
    UpstreamRequest theirs;
    if (own.isPresent()) {
      UpstreamRequest encoded = spoken.encode(model, request, own.get());
      theirs = encoded.withBody(offers.without(encoded.body()));
      tools.checkOwn(theirs.body());
    } else {
      InferenceRequest carried = offers.without(request);
      tools.checkAsked(carried);
      theirs = spoken.encode(model, carried);
    }
    theirs = theirs.without(options.omittedFields());
    tools.checkSent(theirs.body());
    return theirs;
  }

  @Override
  public Optional<VendorStore> stored() {
    return stored;
  }

  @Override
  public boolean passesThrough() {
    return dialect.passesThrough();
  }

  @Override
  public boolean passes(Wire operation) {
    return operation.isGoogles() ? options.type() == ProviderType.GEMINI : dialect.passesThrough();
  }

  private ProviderCall passThrough(ServedModel model, PassThroughRequest passed, AnswerSink sink) {
    try {
      tools.checkFields(passed.toCheck());
    } catch (ConcertException refused) {
      return new RejectedCall(vertx, refused);
    }
    ResponseReader reader =
        passed.client().wire().isBytes()
            ? new BytesReader(sink)
            : new RelayReader(
                options.name(),
                sink,
                blocks -> blocks,
                blocks -> new PassThroughReader(options.name(), blocks));
    UpstreamCall call =
        new UpstreamCall(
            options.name(), gate, reader, EventDecoder::ofServerSentEvents, passed.streams());
    call.begin(dialect.passed(model, passed.encoded(model)));
    return call;
  }

  @Override
  public ProviderCall start(ServedModel model, InferenceRequest request, AnswerSink sink) {
    Optional<PassThroughRequest> passed = PassThroughRequest.of(request);
    if (passed.isPresent()) {
      return passThrough(model, passed.get(), sink);
    }
    Dialect spoken = dialect.of(model, request);
    Optional<ClientRequest> own = spoken.wire().flatMap(request::clientOn);
    UpstreamRequest theirs;
    try {
      theirs = encoded(spoken, model, request, own);
    } catch (ConcertException refused) {
      return new RejectedCall(vertx, refused);
    }
    ResponseReader reader =
        own.isPresent()
            ? new RelayReader(options.name(), sink, UniqueToolCallIds::new, spoken::reader)
            : reader(spoken, request, sink);
    boolean answer = own.isEmpty() || own.get().operation().isEmpty();
    UpstreamCall call =
        new UpstreamCall(
            options.name(), gate, reader, spoken::events, answer && model.can().streaming());
    call.begin(spoken.place(model, theirs));
    return call;
  }

  private static ResponseReader reader(
      Dialect spoken, InferenceRequest request, Consumer<Block> sink) {
    if (request.stops().isEmpty() || spoken.takesStopSequences()) {
      return spoken.reader(new UniqueToolCallIds(new SurrogatePairs(sink)));
    }
    StopSequenceScanner scanner = new StopSequenceScanner(request.stops(), sink);
    return new StopSequenceReader(
        spoken.reader(new UniqueToolCallIds(new SurrogatePairs(scanner))), scanner);
  }
}
