package dev.concert.testing.github;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Lets git in with a token that may do what it asks for. Guarded by its server. */
record GitGate(AppTokens tokens, GitBackend git, Map<String, FakeRepository> repositories) {
  void answer(HttpServerRequest request, Buffer body) {
    String[] parts = request.path().split("/");
    String name = parts.length > 2 ? parts[2].replaceFirst("\\.git$", "") : "";
    if (LfsRoutes.isStorage(request)) {
      lfs(request, name).answer(request, body);
      return;
    }
    boolean toWrite =
        request.uri().contains("git-receive-pack") || LfsRoutes.isToWrite(request, body);
    Optional<AppTokens.Grant> grant = tokens.find(password(request));
    if (grant.isEmpty()) {
      request
          .response()
          .setStatusCode(401)
          .putHeader("WWW-Authenticate", "Basic realm=\"GitHub\"")
          .end("Repository not found.");
    } else if (!grant.get().allows(name, "contents", toWrite)) {
      request
          .response()
          .setStatusCode(403)
          .end("remote: Permission to %s/%s.git denied.".formatted(FakeGitHub.OWNER, name));
    } else if (toWrite && isArchived(name)) {
      request.response().setStatusCode(403).end("This repository was archived so it is read-only.");
    } else if (LfsRoutes.isFor(request)) {
      lfs(request, name).answer(request, body);
    } else {
      git.answer(request, body);
    }
  }

  private LfsRoutes lfs(HttpServerRequest request, String name) {
    return new LfsRoutes(
        "http://" + request.authority(), git.largeFiles(FakeGitHub.OWNER + "/" + name));
  }

  /** A deleted one is not there any more. */
  private boolean isArchived(String name) {
    return repositories.containsKey(name) && repositories.get(name).archived;
  }

  private static String password(HttpServerRequest request) {
    String header = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    if (!header.startsWith("Basic ")) {
      return "";
    }
    String pair =
        new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
    return pair.startsWith("x-access-token:") ? pair.substring("x-access-token:".length()) : "";
  }
}
