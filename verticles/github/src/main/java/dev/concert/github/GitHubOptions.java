package dev.concert.github;

import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.secret.SecretOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Configures the work on forges.
 *
 * @param folder of the connections, their secrets, and the repositories of runs
 * @param tenants folder of the tenants
 * @param secrets of all connections
 * @param agentType of sessions, where a connection names none
 * @param api where the REST API is, without a final slash; of GitHub Enterprise Server {@code
 *     https://HOST/api/v3}
 * @param web where repositories are cloned from, without a final slash
 * @param gitlab where GitLab is, without a final slash
 * @param gitea where Gitea or Forgejo is, without a final slash; empty for none
 * @param page where people find Concert's page, without a final slash; empty for no links
 * @param proxies on the way to forges
 */
public record GitHubOptions(
    Path folder,
    Path tenants,
    SecretOptions secrets,
    String agentType,
    URI api,
    URI web,
    URI gitlab,
    Optional<URI> gitea,
    Optional<String> page,
    OutboundProxies proxies) {
  private static final URI API = URI.create("https://api.github.com");
  private static final URI WEB = URI.create("https://github.com");
  private static final URI GITLAB = URI.create("https://gitlab.com");

  /**
   * @param config with the sections {@code github} and {@code forges}
   * @throws dev.concert.foundation.config.ConfigException with a sentence that names the wrong key
   */
  public static GitHubOptions from(JsonObject config, Path data, Map<String, String> environment) {
    ConfigReader section = ConfigReader.of(config, "github");
    ConfigReader forges = ConfigReader.of(config, "forges");
    Path folder = data.resolve("github");
    GitHubOptions options =
        new GitHubOptions(
            folder,
            data.resolve("tenants"),
            SecretOptions.of(folder.resolve("secrets.db"), environment, "CONCERT_MASTER_KEY"),
            section.text("agent", "coding-agent"),
            section.optionalUrl("apiUrl").map(GitHubOptions::withoutSlash).orElse(API),
            section.optionalUrl("webUrl").map(GitHubOptions::withoutSlash).orElse(WEB),
            forges.optionalUrl("gitlabUrl").map(GitHubOptions::withoutSlash).orElse(GITLAB),
            forges.optionalUrl("giteaUrl").map(GitHubOptions::withoutSlash),
            section.optionalUrl("publicUrl").map(GitHubOptions::withoutSlash).map(URI::toString),
            OutboundProxies.of(environment));
    section.refuseUnknown();
    forges.refuseUnknown();
    return options;
  }

  private static URI withoutSlash(URI url) {
    return URI.create(url.toString().replaceFirst("/+$", ""));
  }

  Path tenant(String tenantId) {
    return tenants.resolve(tenantId).resolve("github.db");
  }
}
