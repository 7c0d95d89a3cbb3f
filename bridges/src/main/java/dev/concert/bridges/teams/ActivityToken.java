package dev.concert.bridges.teams;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.token.TokenResult.Genuine;
import io.vertx.core.json.JsonArray;
import java.util.Optional;

/**
 * What a token of the Bot Framework has to say. Source:
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication.
 * Pure.
 */
final class ActivityToken {
  private static final String ISSUER = "https://api.botframework.com";
  private static final String CHANNEL = "msteams";

  private ActivityToken() {}

  /** What is wrong with a token for this activity; empty where Microsoft sent it to us. */
  static Optional<String> fault(Genuine token, ChatConnection connection, JsonNode activity) {
    if (!token.claim("iss").equals(ISSUER)) {
      return Optional.of("the token has another issuer");
    }
    if (!token.isFor(connection.secret(TeamsPlatform.APP_ID))) {
      return Optional.of("the token is for another application");
    }
    String service = activity.path("serviceUrl").asText("");
    if (service.isEmpty() || !base(service).equals(base(token.claim("serviceurl")))) {
      return Optional.of("the token is for another service");
    }
    boolean isEndorsed =
        token.key().getValue("endorsements") instanceof JsonArray channels
            && channels.contains(CHANNEL);
    return isEndorsed && activity.path("channelId").asText("").equals(CHANNEL)
        ? Optional.empty()
        : Optional.of("the key is not for Teams");
  }

  private static String base(String url) {
    return url.replaceAll("/+$", "");
  }
}
