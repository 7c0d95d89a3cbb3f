package dev.concert.gateway.bridge;

import io.vertx.ext.web.Router;
import java.util.Set;

/**
 * The addresses to which GitHub sends a browser back. Each shows the page of the account; that page
 * asks the API, as whoever is signed in, with what the address carries.
 */
final class GitHubReturns {
  /** As the manifest of an App names them. */
  private static final Set<String> PATHS =
      Set.of("/github/manifest/callback", "/github/setup", "/github/oauth/callback");

  private static final String PAGE = "/github-account.html";

  private GitHubReturns() {}

  static void add(Router router) {
    PATHS.forEach(path -> router.get(path).handler(request -> request.reroute(PAGE)));
  }
}
