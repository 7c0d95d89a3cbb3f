package dev.concert.github.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.json.Json;
import java.util.List;
import java.util.Map;

/**
 * What GitHub makes an App of.
 *
 * <p>Source:
 * https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 *
 * @param page where people find Concert's page, without a final slash
 */
public record AppManifest(String page, String name, String connectionId) {
  /** Paths of the page at which GitHub sends a browser back; the gateway serves them. */
  public static final String APP_CALLBACK = "/github/manifest/callback";

  public static final String LINK_CALLBACK = "/github/oauth/callback";
  public static final String SETUP = "/github/setup";

  private static final Map<String, String> PERMISSIONS =
      Map.of(
          "actions", "read",
          "checks", "write",
          "contents", "write",
          "issues", "write",
          "metadata", "read",
          "pull_requests", "write");
  private static final List<String> EVENTS =
      List.of(
          "check_run",
          "check_suite",
          "delete",
          "issue_comment",
          "issues",
          "pull_request",
          "pull_request_review",
          "pull_request_review_comment",
          "push",
          "workflow_run");

  /** As GitHub's form takes it. */
  public String toJson() {
    ObjectNode manifest =
        Json.MAPPER
            .createObjectNode()
            .put("name", name)
            .put("url", page)
            .put("redirect_url", page + APP_CALLBACK)
            .put("setup_url", page + SETUP)
            .put("public", false);
    manifest.putArray("callback_urls").add(page + LINK_CALLBACK);
    manifest
        .putObject("hook_attributes")
        .put("url", page + "/webhooks/github/" + connectionId)
        .put("active", true);
    ObjectNode permissions = manifest.putObject("default_permissions");
    PERMISSIONS.forEach(permissions::put);
    EVENTS.forEach(manifest.putArray("default_events")::add);
    return manifest.toString();
  }
}
