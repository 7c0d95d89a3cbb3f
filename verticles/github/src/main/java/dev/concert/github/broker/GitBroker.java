package dev.concert.github.broker;

import dev.concert.error.Problem;
import dev.concert.foundation.http.ListeningPorts;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.github.api.ForgeException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers git's smart HTTP on this node's host, for whoever has a grant. It adds the token and
 * streams to the forge. A push may change the grant's branch only, and not remove it. On one
 * context.
 */
public final class GitBroker {
  private static final Logger LOG = LoggerFactory.getLogger(GitBroker.class);
  private static final int CONNECT_MS = 5000;
  private static final int STALLED_SECONDS = 300;
  private static final int KEY_BYTES = 32;
  private static final long UNUSED_MS = 60_000;
  private static final Set<String> PASSED_ON =
      Set.of("content-type", "content-encoding", "accept", "accept-encoding", "git-protocol");
  private static final Set<String> PASSED_BACK =
      Set.of("content-type", "content-encoding", "cache-control", "expires", "pragma");

  private final Vertx vertx;
  private final HttpClient client;
  private final OutboundProxies proxies;
  private final LargeFiles largeFiles;
  private final Map<String, Opened> grants = new HashMap<>();
  private final SecureRandom random = new SecureRandom();
  private HttpServer server;
  private String host = "";

  /** A grant that git may use now. */
  private record Opened(GitGrant grant, PushListener pushes, boolean once) {}

  /**
   * @param proxies on the way to forges
   */
  public GitBroker(Vertx vertx, OutboundProxies proxies) {
    this.vertx = vertx;
    this.proxies = proxies;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(CONNECT_MS).setIdleTimeout(STALLED_SECONDS));
    this.largeFiles = new LargeFiles(client, new LargeFileHosts(vertx, proxies));
  }

  /**
   * Listens.
   *
   * @param on this node's host: the loopback address where the node is alone
   */
  public Future<Void> start(String on) {
    host = on;
    server = vertx.createHttpServer().requestHandler(this::handle);
    return server
        .listen(0, on)
        .onSuccess(listening -> ListeningPorts.add(vertx, listening.actualPort()))
        .mapEmpty();
  }

  public Future<Void> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  /**
   * A way to a repository, until it is closed.
   *
   * @param url of the repository, for git
   * @param key that git has to say in {@code Authorization: Bearer}; a secret
   */
  public record OpenGrant(String url, String key) {
    /** Without the key. */
    @Override
    public String toString() {
      return "OpenGrant[" + url + "]";
    }
  }

  public OpenGrant open(GitGrant grant) {
    String key = put(new Opened(grant, _ -> Future.succeededFuture(), false));
    return new OpenGrant(
        "http://%s:%d/%s.git".formatted(host, server.actualPort(), grant.repository()), key);
  }

  public void close(OpenGrant grant) {
    grants.remove(grant.key());
  }

  /** Opens a grant for one request, which has to come soon; returns its key, a secret. */
  public String openOnce(GitGrant grant, PushListener pushes) {
    String key = put(new Opened(grant, pushes, true));
    vertx.setTimer(UNUSED_MS, _ -> grants.remove(key));
    return key;
  }

  /** Where the broker listens. */
  public int port() {
    return server.actualPort();
  }

  private String put(Opened opened) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    String key = HexFormat.of().formatHex(bytes);
    grants.put(key, opened);
    return key;
  }

  private Optional<Opened> grant(HttpServerRequest request) {
    String authorization = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    String key = authorization.replaceFirst("^Bearer ", "");
    Optional<Opened> opened = Optional.ofNullable(grants.get(key));
    opened.filter(Opened::once).ifPresent(_ -> grants.remove(key));
    return opened;
  }

  private void handle(HttpServerRequest request) {
    request.pause();
    Optional<Opened> opened = grant(request);
    if (opened.isEmpty()) {
      refuse(request, 403, "This repository is not the one of this run.");
      return;
    }
    GitGrant grant = opened.get().grant();
    Optional<GitTarget> target = GitTarget.of(request, grant);
    if (target.isEmpty()) {
      refuse(request, 403, why(request, grant));
      return;
    }
    answer(request, grant, target.get(), opened.get().pushes())
        .onFailure(failure -> refuse(request, failure));
  }

  private Future<Void> answer(
      HttpServerRequest request, GitGrant grant, GitTarget target, PushListener pushes) {
    return switch (target.kind()) {
      case LARGE_FILES, LARGE_FILE, LARGE_FILE_WRITE, LARGE_FILE_VERIFY, LARGE_FILE_LOCKS ->
          largeFiles.answer(request, grant, target, pushes);
      case READ -> pass(request, grant, target, Buffer.buffer());
      case WRITE ->
          (request.method() == HttpMethod.POST
                  ? PushHead.read(request, grant, pushes)
                  : Future.succeededFuture(Buffer.buffer()))
              .compose(read -> pass(request, grant, target, read));
    };
  }

  private static String why(HttpServerRequest request, GitGrant grant) {
    return request.path().contains("/info/lfs/")
        ? "Git LFS is not served here: its files stay pointers. The key `lfs` of"
            + " concert.yml allows it."
        : "This run reaches the repository %s only.".formatted(grant.repository());
  }

  private Future<Void> pass(
      HttpServerRequest request, GitGrant grant, GitTarget target, Buffer head) {
    return grant
        .upstream()
        .login(target.repository(), target.isPush())
        .compose(
            login ->
                connect(request, grant.upstream().web() + target.path(request.method()), login))
        .compose(upstream -> stream(request, grant, upstream, head))
        .compose(
            answer -> {
              if (answer.statusCode() == 401) {
                grant.upstream().refused();
              }
              return answer(request, answer);
            });
  }

  private Future<HttpClientRequest> connect(
      HttpServerRequest request, String url, GitUpstream.Login login) {
    RequestOptions options =
        proxies
            .route(new RequestOptions().setMethod(request.method()).setAbsoluteURI(url))
            .putHeader("Authorization", login.basic())
            .putHeader("User-Agent", "git/Concert");
    PASSED_ON.forEach(
        name ->
            Optional.ofNullable(request.getHeader(name))
                .ifPresent(value -> options.putHeader(name, value)));
    return client.request(options);
  }

  private Future<HttpClientResponse> stream(
      HttpServerRequest request, GitGrant grant, HttpClientRequest upstream, Buffer head) {
    if (request.method() == HttpMethod.GET) {
      return upstream.send().onSuccess(HttpClientResponse::pause);
    }
    upstream.setChunked(true);
    // Whoever waits for the answer hears of it.
    upstream.exceptionHandler(_ -> {});
    Promise<HttpClientResponse> answer = Promise.promise();
    upstream
        .response()
        .onSuccess(HttpClientResponse::pause)
        .onComplete(
            done -> {
              if (done.succeeded()) {
                answer.tryComplete(done.result());
              } else {
                answer.tryFail(done.cause());
              }
            });
    Future<Void> sent =
        head.length() == 0
            ? request.pipe().endOnFailure(false).to(upstream)
            : new PushPassage(
                    request, upstream, PushCommands.of(head), grant.upstream()::isAncestor)
                .run(head);
    sent.onFailure(
        failure -> {
          answer.tryFail(failure);
          upstream.reset();
        });
    return answer.future();
  }

  private static Future<Void> answer(HttpServerRequest request, HttpClientResponse answer) {
    // A status that would make git ask a person for a password says that no more.
    int status = answer.statusCode() == 401 ? 403 : answer.statusCode();
    request.response().setStatusCode(status).setChunked(true);
    PASSED_BACK.forEach(
        name ->
            Optional.ofNullable(answer.getHeader(name))
                .ifPresent(value -> request.response().putHeader(name, value)));
    return answer
        .pipeTo(request.response())
        .onFailure(
            _ -> {
              answer.request().reset();
              request.response().reset();
            });
  }

  private static void refuse(HttpServerRequest request, Throwable failure) {
    if (failure instanceof RefusedPushException refused) {
      refused
          .push()
          .flatMap(push -> PushReport.refused(push, refused.getMessage()))
          .ifPresentOrElse(
              report -> report(request, report), () -> refuse(request, 403, refused.getMessage()));
    } else {
      LOG.info("Git cannot be passed on: {}", failure.toString());
      refuse(request, 502, Problem.of(ForgeException.atEdge(failure)).message());
    }
  }

  /** Git reads the report when it has sent everything. */
  private static void report(HttpServerRequest request, Buffer report) {
    request.response().putHeader("Content-Type", PushReport.TYPE);
    if (request.isEnded()) {
      request.response().end(report);
      return;
    }
    request.handler(_ -> {});
    request.exceptionHandler(_ -> request.response().reset());
    request.endHandler(_ -> request.response().end(report));
    request.resume();
  }

  private static void refuse(HttpServerRequest request, int status, String sentence) {
    if (!request.isEnded()) {
      request.handler(_ -> {});
      request.resume();
    }
    if (!request.response().ended() && !request.response().headWritten()) {
      request
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", "text/plain")
          .end(sentence + "\n");
    }
  }
}
