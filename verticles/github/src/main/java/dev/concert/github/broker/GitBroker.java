package dev.concert.github.broker;

import dev.concert.error.Problem;
import dev.concert.foundation.http.ListeningPorts;
import dev.concert.github.api.GitHubException;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.api.InstallationTokens.Purpose;
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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers git's smart HTTP on the loopback, for whoever has a grant. It adds the token and streams
 * to GitHub. A push may change the grant's branch only, and not remove it. On one context.
 */
public final class GitBroker {
  private static final Logger LOG = LoggerFactory.getLogger(GitBroker.class);
  private static final int CONNECT_MS = 5000;
  private static final int STALLED_SECONDS = 300;
  private static final int KEY_BYTES = 32;
  private static final String READ = "git-upload-pack";
  private static final String WRITE = "git-receive-pack";
  private static final Set<String> PASSED_ON =
      Set.of("content-type", "content-encoding", "accept", "accept-encoding", "git-protocol");
  private static final Set<String> PASSED_BACK =
      Set.of("content-type", "content-encoding", "cache-control", "expires", "pragma");

  private final Vertx vertx;
  private final InstallationTokens tokens;
  private final URI web;
  private final HttpClient client;
  private final Map<String, GitGrant> grants = new HashMap<>();
  private final SecureRandom random = new SecureRandom();
  private HttpServer server;

  /**
   * @param web where repositories are, without a final slash
   */
  public GitBroker(Vertx vertx, InstallationTokens tokens, URI web) {
    this.vertx = vertx;
    this.tokens = tokens;
    this.web = web;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setIdleTimeout(STALLED_SECONDS)
                .setSsl("https".equals(web.getScheme())));
  }

  /** Listens. */
  public Future<Void> start() {
    server = vertx.createHttpServer().requestHandler(this::handle);
    return server
        .listen(0, "127.0.0.1")
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
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    String text = HexFormat.of().formatHex(key);
    grants.put(text, grant);
    return new OpenGrant(
        "http://127.0.0.1:%d/%s.git".formatted(server.actualPort(), grant.repository()), text);
  }

  public void close(OpenGrant grant) {
    grants.remove(grant.key());
  }

  private void handle(HttpServerRequest request) {
    request.pause();
    String authorization = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    GitGrant grant = grants.get(authorization.replaceFirst("^Bearer ", ""));
    Optional<String> service = Optional.ofNullable(grant).flatMap(one -> service(request, one));
    if (service.isEmpty()) {
      refuse(request, 403, "This repository is not the one of this run.");
      return;
    }
    boolean isPush = service.get().equals(WRITE);
    Future<Buffer> head =
        isPush && request.method() == HttpMethod.POST
            ? commands(request, grant)
            : Future.succeededFuture(Buffer.buffer());
    String target = target(request.method(), grant, service.get());
    head.compose(read -> pass(request, grant, isPush, target, read))
        .onFailure(failure -> refuse(request, failure));
  }

  /** Which of git's two services is asked for; empty where it is none of this repository. */
  private static Optional<String> service(HttpServerRequest request, GitGrant grant) {
    String at = "/" + grant.repository() + ".git/";
    String path = request.path();
    if (request.method() == HttpMethod.GET && path.equals(at + "info/refs")) {
      return Optional.ofNullable(request.getParam("service"))
          .filter(name -> name.equals(READ) || name.equals(WRITE));
    }
    return request.method() == HttpMethod.POST && path.startsWith(at)
        ? Optional.of(path.substring(at.length()))
            .filter(name -> name.equals(READ) || name.equals(WRITE))
        : Optional.empty();
  }

  /** Made of what was checked: the request's own target could name another host. */
  private static String target(HttpMethod method, GitGrant grant, String service) {
    String repository = "/" + grant.repository() + ".git/";
    return method == HttpMethod.GET
        ? repository + "info/refs?service=" + service
        : repository + service;
  }

  /** Reads the commands of a push, which have to be those of the grant. */
  private static Future<Buffer> commands(HttpServerRequest request, GitGrant grant) {
    if (request.getHeader("Content-Encoding") != null) {
      return Future.failedFuture(new IllegalArgumentException("A push must not be compressed."));
    }
    Promise<Buffer> read = Promise.promise();
    Buffer head = Buffer.buffer();
    request.handler(
        piece -> {
          head.appendBuffer(piece);
          try {
            if (!PushCommands.isCut(head)) {
              request.pause();
              check(PushCommands.of(head), grant);
              read.tryComplete(head);
            } else if (head.length() > PushCommands.LONGEST) {
              request.pause();
              read.tryFail(new IllegalArgumentException("This push changes too much."));
            }
          } catch (IllegalArgumentException e) {
            request.pause();
            read.tryFail(e);
          }
        });
    request.exceptionHandler(read::tryFail);
    request.endHandler(_ -> read.tryFail(new IllegalArgumentException("This push is cut.")));
    request.resume();
    return read.future();
  }

  private static void check(PushCommands commands, GitGrant grant) {
    // git asks with no command at all whether it may push.
    boolean isOwn = commands.references().stream().allMatch(grant.reference()::equals);
    if (!isOwn || commands.deletes()) {
      throw new IllegalArgumentException(
          "This run may push to %s only, and not remove it.".formatted(grant.branch()));
    }
  }

  private Future<Void> pass(
      HttpServerRequest request, GitGrant grant, boolean isPush, String target, Buffer head) {
    Purpose purpose =
        new Purpose(
            grant.app().connectionId(),
            grant.installation(),
            grant.repository(),
            Map.of("contents", isPush ? "write" : "read"));
    return tokens
        .token(grant.app(), purpose)
        .compose(token -> connect(request, target, token))
        .compose(upstream -> stream(request, upstream, head))
        .compose(
            answer -> {
              if (answer.statusCode() == 401) {
                // It was revoked; who tries again gets another one.
                tokens.forget(grant.app().connectionId());
              }
              return answer(request, answer);
            });
  }

  private Future<HttpClientRequest> connect(
      HttpServerRequest request, String target, String token) {
    String basic =
        Base64.getEncoder()
            .encodeToString(("x-access-token:" + token).getBytes(StandardCharsets.UTF_8));
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setAbsoluteURI(web + target)
            .putHeader("Authorization", "Basic " + basic)
            .putHeader("User-Agent", "git/Concert");
    PASSED_ON.forEach(
        name ->
            Optional.ofNullable(request.getHeader(name))
                .ifPresent(value -> options.putHeader(name, value)));
    return client.request(options);
  }

  private static Future<HttpClientResponse> stream(
      HttpServerRequest request, HttpClientRequest upstream, Buffer head) {
    if (request.method() == HttpMethod.GET) {
      return upstream.send().onSuccess(HttpClientResponse::pause);
    }
    upstream.setChunked(true);
    Future<HttpClientResponse> answer = upstream.response().onSuccess(HttpClientResponse::pause);
    request.handler(null);
    request.endHandler(null);
    Future<Void> begun =
        head.length() == 0 ? Future.succeededFuture() : upstream.write(head).mapEmpty();
    begun.compose(_ -> request.pipeTo(upstream)).onFailure(_ -> upstream.reset());
    return answer;
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
    if (failure instanceof IllegalArgumentException wrong) {
      refuse(request, 403, wrong.getMessage());
    } else {
      LOG.info("Git cannot be passed on: {}", failure.toString());
      refuse(request, 502, Problem.of(GitHubException.atEdge(failure)).message());
    }
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
