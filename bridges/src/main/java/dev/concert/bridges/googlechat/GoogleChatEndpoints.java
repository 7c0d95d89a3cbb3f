package dev.concert.bridges.googlechat;

import dev.concert.foundation.config.ConfigReader;
import java.net.URI;

/**
 * Where Google's services are.
 *
 * @param api of Google Chat
 * @param pubsub gives events where no address is public
 * @param token gives tokens to service accounts
 * @param chatKeys those of Google Chat itself
 * @param openIdKeys those of Google's ID tokens
 */
public record GoogleChatEndpoints(URI api, URI pubsub, URI token, URI chatKeys, URI openIdKeys) {
  /**
   * @param section {@code bridges.googlechat}
   */
  public static GoogleChatEndpoints from(ConfigReader section) {
    GoogleChatEndpoints endpoints =
        new GoogleChatEndpoints(
            url(section, "apiUrl", "https://chat.googleapis.com"),
            url(section, "pubsubUrl", "https://pubsub.googleapis.com"),
            url(section, "tokenUrl", "https://oauth2.googleapis.com/token"),
            url(
                section,
                "chatKeysUrl",
                "https://www.googleapis.com/service_accounts/v1/jwk/chat@system.gserviceaccount.com"),
            url(section, "openIdKeysUrl", "https://www.googleapis.com/oauth2/v3/certs"));
    section.refuseUnknown();
    return endpoints;
  }

  private static URI url(ConfigReader section, String key, String standard) {
    return section.optionalUrl(key).orElse(URI.create(standard));
  }
}
