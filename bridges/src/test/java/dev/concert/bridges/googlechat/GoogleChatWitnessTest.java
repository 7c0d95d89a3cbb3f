package dev.concert.bridges.googlechat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.vendor.VendorClient;
import dev.concert.testing.chat.FakeGoogleChat;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** {@code @googleapis/chat}, from npm and unmodified, takes the played Google for the real one. */
class GoogleChatWitnessTest {
  @Test
  void googlesOwnClientWorksWithThePlayedGoogleAndBelievesItsTokens() throws Exception {
    try (FakeGoogleChat google = new FakeGoogleChat()) {
      google.files().sent("A1", "hello file");
      JsonObject seen;
      try (VendorClient client =
          VendorClient.start(
              "googlechat.mjs",
              google.url("").toString(),
              google.keyFile(1),
              google.authorization(google.projectClaims(1)),
              FakeGoogleChat.projectNumber(1),
              FakeGoogleChat.projectNumber(2))) {
        seen = client.seen();
      }
      assertThat(seen)
          .isEqualTo(
              new JsonObject()
                  .put("thread", "spaces/SWITNESS/threads/T1")
                  .put("same", true)
                  .put("changed", "changed")
                  .put("found", "changed")
                  .put("file", "hello file")
                  .put("taken", "409 ALREADY_EXISTS")
                  .put("badName", "400 INVALID_ARGUMENT")
                  .put("tooLong", "400 INVALID_ARGUMENT")
                  .put("missing", "404 NOT_FOUND")
                  .put("gone", "404 NOT_FOUND")
                  .put("audience", FakeGoogleChat.projectNumber(1))
                  .put("forged", true));
      assertThat(google.tokenRequests()).isEqualTo(1);
    }
  }
}
