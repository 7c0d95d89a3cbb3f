package dev.concert.platform.command.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.ClientException;
import dev.concert.client.GatewayApi;
import dev.concert.platform.server.RunningServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the commands ask about repositories of the server that runs. Blocking. */
final class GitHubApi implements AutoCloseable {
  private static final String REPOSITORIES = "/api/github/repositories";

  private static final String LINK = "/api/github/link";

  private final GatewayApi gateway;

  private GitHubApi(GatewayApi gateway) {
    this.gateway = gateway;
  }

  /**
   * @throws ClientException where no server runs
   */
  static GitHubApi open() {
    return new GitHubApi(RunningServer.gateway());
  }

  /**
   * A page of repositories.
   *
   * @param cursor of the page before; empty for the first page
   */
  JsonNode repositories(String cursor) {
    String after =
        cursor.isEmpty() ? "" : "?cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
    return gateway.request("GET", REPOSITORIES + after, null);
  }

  JsonNode runs(int limit) {
    return gateway.request("GET", "/api/github/runs?limit=" + limit, null);
  }

  /** Begins to link the member to an account of GitHub, with a code to enter there. */
  JsonNode beginLink(Optional<String> connection) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("device", true);
    connection.ifPresent(id -> body.put("connectionId", id));
    return gateway.request("POST", LINK, body);
  }

  /** Whether the code has been entered. */
  JsonNode completeLink(String attempt) {
    return gateway.request(
        "POST", LINK + "/completion", JsonNodeFactory.instance.objectNode().put("state", attempt));
  }

  void removeLink() {
    gateway.request("DELETE", LINK, null);
  }

  @Override
  public void close() {
    gateway.close();
  }
}
