package dev.concert.bridges.teams;

import dev.concert.foundation.config.ConfigReader;
import java.net.URI;

/**
 * Where Microsoft's services are.
 *
 * @param login gives tokens to applications
 * @param openId says where the keys of the Bot Framework are
 * @param service takes our messages
 * @param graph has what was said in a channel before
 */
public record TeamsEndpoints(URI login, URI openId, URI service, URI graph) {
  /**
   * @param section {@code bridges.teams}
   */
  public static TeamsEndpoints from(ConfigReader section) {
    TeamsEndpoints endpoints =
        new TeamsEndpoints(
            section.optionalUrl("loginUrl").orElse(URI.create("https://login.microsoftonline.com")),
            section
                .optionalUrl("openIdUrl")
                .orElse(
                    URI.create(
                        "https://login.botframework.com/v1/.well-known/openidconfiguration")),
            section
                .optionalUrl("serviceUrl")
                .orElse(URI.create("https://smba.trafficmanager.net/teams")),
            section.optionalUrl("graphUrl").orElse(URI.create("https://graph.microsoft.com")));
    section.refuseUnknown();
    return endpoints;
  }
}
