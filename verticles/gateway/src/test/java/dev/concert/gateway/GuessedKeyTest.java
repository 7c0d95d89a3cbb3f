package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.code;
import static dev.concert.gateway.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody guesses keys. */
class GuessedKeyTest {
  private static final int MORE_THAN_ALLOWED = 40;

  @TempDir Path data;

  @Test
  void anAddressThatGuessesKeysHasToWait() {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      ApiClient http = new ApiClient(gateway.port);
      String id = json(http.post("/api/keys", "{'name':'k'}"), 201).at("/key/keyId").asText();
      HttpResponse<String> last = null;
      for (int i = 0; i < MORE_THAN_ALLOWED; i++) {
        String guess = "Bearer ck_" + id + "_" + "%064x".formatted(i);
        last = http.get("/api/sessions", "Authorization", guess);
      }
      assertThat(code(last, 429)).isEqualTo("AUTH_RATE_LIMITED");
      assertThat(last.headers().firstValue("Retry-After")).isPresent();
    }
  }
}
