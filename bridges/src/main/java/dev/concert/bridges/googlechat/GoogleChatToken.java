package dev.concert.bridges.googlechat;

import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.token.TokenResult.Genuine;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * What a token of Google has to say. Google Chat has three identities, by what its operator chose:
 * one that signs for our project's number, one that Google signs for our address, and one of
 * Workspace add-ons, which belongs to the project. Pub/Sub has that of our service account. Source:
 * https://developers.google.com/workspace/chat/verify-requests-from-chat. Pure.
 */
final class GoogleChatToken {
  static final String CHAT = "chat@system.gserviceaccount.com";
  private static final Set<String> GOOGLE =
      Set.of("https://accounts.google.com", "accounts.google.com");

  private GoogleChatToken() {}

  /** What is wrong with a token; empty where Google sent it to us. */
  static Optional<String> fault(Genuine token, ChatConnection connection) {
    if (token.claim("iss").equals(CHAT)) {
      return project(connection).filter(token::isFor).isPresent()
          ? Optional.empty()
          : Optional.of("the token is for another project");
    }
    if (!GOOGLE.contains(token.claim("iss"))) {
      return Optional.of("the token has another issuer");
    }
    boolean isVerified = Boolean.TRUE.equals(token.claims().getValue("email_verified"));
    if (!isVerified || !isSender(token.claim("email"), connection)) {
      return Optional.of("the token is of somebody else");
    }
    return isOurAddress(token.claim("aud"), connection)
        ? Optional.empty()
        : Optional.of("the token is for another address");
  }

  /** Whether Pub/Sub pushed it. */
  static boolean isPushed(Genuine token, ChatConnection connection) {
    return token.claim("email").equals(GoogleChatPlatform.account(connection).email());
  }

  /** An add-on of another project has a token of Google's, too. */
  private static boolean isSender(String email, ChatConnection connection) {
    Optional<String> addOn =
        project(connection)
            .map("service-%s@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"::formatted);
    return email.equals(CHAT)
        || addOn.filter(email::equals).isPresent()
        || email.equals(GoogleChatPlatform.account(connection).email());
  }

  private static Optional<String> project(ChatConnection connection) {
    return Optional.ofNullable(connection.secrets().get(GoogleChatPlatform.PROJECT_NUMBER));
  }

  /** Our host has many names; the id in the path is known to us and to the operator only. */
  private static boolean isOurAddress(String audience, ChatConnection connection) {
    String path = "/webhooks/googlechat/" + connection.id();
    try {
      String named = URI.create(audience).getPath();
      return named != null && named.endsWith(path);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
