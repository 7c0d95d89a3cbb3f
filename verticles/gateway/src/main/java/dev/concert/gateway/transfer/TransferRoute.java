package dev.concert.gateway.transfer;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.context.CallerContext;
import dev.concert.gateway.auth.HttpIdentity;
import dev.concert.gateway.http.MethodNotAllowed;
import dev.concert.gateway.http.ProblemResponse;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.workspace.WorkspaceMessages.OpenTransfer;
import dev.concert.workspace.WorkspaceMessages.Transfer;
import dev.concert.workspace.WorkspaceMessages.TransferOpened;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code /transfer?session=ID}: {@code PUT} brings in a tar, {@code GET} lists the files,
 * {@code POST} answers with a tar of the paths that it gets. Bytes pass as fast as the slower side
 * takes them. An answer that ends without its last chunk is not whole.
 */
public final class TransferRoute {
  private static final Logger LOG = LoggerFactory.getLogger(TransferRoute.class);
  private static final String PATH = "/transfer";

  /** Which listing the client has: Chronicle compares it with the present one. */
  private static final String KNOWN = "If-None-Match";

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int CONNECT_MS = 5_000;

  /** As long as many files may need to be brought in. */
  private static final int STALLED_SECONDS = 300;

  private static final int MOST = 64;
  private static final int REFUSED = 422;
  private static final Map<HttpMethod, Transfer> TRANSFERS =
      Map.of(
          HttpMethod.PUT, Transfer.IMPORT,
          HttpMethod.GET, Transfer.LIST,
          HttpMethod.POST, Transfer.EXPORT);

  private final Vertx vertx;
  private final ConcertBus bus;
  private final HttpIdentity identity;
  private final Supplier<SessionDirectory> directory;
  private final HttpClient client;

  /**
   * @param directory asked for with each request, since there is none before the gateway listens
   */
  public TransferRoute(
      Vertx vertx, ConcertBus bus, HttpIdentity identity, Supplier<SessionDirectory> directory) {
    this.vertx = vertx;
    this.bus = bus;
    this.identity = identity;
    this.directory = directory;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setIdleTimeout(STALLED_SECONDS)
                .setKeepAlive(false),
            new PoolOptions().setHttp1MaxSize(MOST));
  }

  public void add(Router router) {
    TRANSFERS.keySet().forEach(method -> router.route(method, PATH).handler(this::handle));
    MethodNotAllowed.add(router, PATH, List.copyOf(TRANSFERS.keySet()));
  }

  private void handle(RoutingContext request) {
    request.request().pause();
    Transfer transfer = TRANSFERS.get(request.request().method());
    String session = request.request().getParam("session");
    identity
        .of(request.request())
        .compose(who -> workspace(who, session, transfer))
        .compose(
            id -> bus.request(Addresses.OPEN_TRANSFER, new OpenTransfer(id, transfer), TIMEOUT))
        .compose(this::open)
        .compose(upstream -> pass(request.request(), upstream))
        .onSuccess(answer -> pass(request, answer))
        .onFailure(failure -> refuse(request, failure));
  }

  private Future<String> workspace(Identity who, String session, Transfer transfer) {
    if (session == null || session.isEmpty()) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.INVALID_MESSAGE, "The parameter 'session' is missing."));
    }
    Permission needed =
        transfer == Transfer.IMPORT ? Permission.THREADS_WRITE : Permission.THREADS_READ;
    return CallerContext.now(vertx)
        .complete(directory.get().find(who, session, needed))
        .map(Session::workspaceId);
  }

  private Future<HttpClientRequest> open(TransferOpened opened) {
    return bus.directory()
        .hostOf(opened.node())
        .compose(
            host ->
                client.request(
                    new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost(host)
                        .setPort(opened.port())
                        .setURI(opened.path())
                        .putHeader("Authorization", "Bearer " + opened.token())));
  }

  private static Future<HttpClientResponse> pass(
      HttpServerRequest request, HttpClientRequest upstream) {
    upstream.setChunked(true);
    String known = request.getHeader(KNOWN);
    if (known != null) {
      upstream.putHeader(KNOWN, known);
    }
    Future<HttpClientResponse> answer = upstream.response().onSuccess(HttpClientResponse::pause);
    request
        .pipeTo(upstream)
        .onFailure(
            cut -> {
              LOG.debug("The body of a transfer was cut", cut);
              upstream.reset();
            });
    return answer;
  }

  private void pass(RoutingContext request, HttpClientResponse answer) {
    if (answer.statusCode() == REFUSED) {
      answer
          .body()
          .map(TransferRoute::refusal)
          .onComplete(read -> refuse(request, read.succeeded() ? read.result() : read.cause()));
      return;
    }
    if (answer.statusCode() != 200) {
      answer.request().reset();
      refuse(
          request,
          new IllegalStateException(
              "Chronicle answered its own transfer with status " + answer.statusCode()));
      return;
    }
    HttpServerResponse response = request.response();
    response
        .setChunked(true)
        .putHeader("Cache-Control", "private, no-store")
        .putHeader(
            "Content-Type",
            request.request().method() == HttpMethod.POST
                ? "application/x-tar"
                : "application/x-ndjson");
    answer
        .pipeTo(response)
        .onFailure(
            cut -> {
              LOG.debug("The answer of a transfer was cut", cut);
              answer.request().reset();
              response.reset();
            });
  }

  private static ConcertException refusal(Buffer body) {
    JsonObject json = body.toJsonObject();
    return new Problem(ErrorCode.valueOf(json.getString("code")), json.getString("message"))
        .toException();
  }

  private static void refuse(RoutingContext request, Throwable failure) {
    request.request().resume();
    ProblemResponse.send(request, failure);
  }
}
