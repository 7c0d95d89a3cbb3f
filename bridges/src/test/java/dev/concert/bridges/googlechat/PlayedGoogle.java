package dev.concert.bridges.googlechat;

import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.testing.chat.FakeGoogleChat;
import java.util.Map;

/** A connection to the played Google. */
final class PlayedGoogle {
  private PlayedGoogle() {}

  static GoogleChatEndpoints endpoints(FakeGoogleChat google) {
    return new GoogleChatEndpoints(
        google.url(""),
        google.url(""),
        google.url("/token"),
        google.url("/jwk/chat"),
        google.url("/oauth2/v3/certs"));
  }

  static ChatConnection connection(FakeGoogleChat google, boolean isPulled) {
    return new ChatConnection(
        "c1",
        "acme",
        "googlechat",
        "played",
        new Account(FakeGoogleChat.project(1), "Played", "users/app"),
        Map.of(),
        Map.of(
            "serviceAccount",
            google.keyFile(1),
            isPulled ? "subscription" : "projectNumber",
            isPulled ? FakeGoogleChat.subscription(1) : FakeGoogleChat.projectNumber(1)),
        0);
  }
}
