package dev.concert.ensemble.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may read the metrics. */
class MetricsAccessTest {
  private static final String ADMIN = "an-admin-key-for-these-tests-only";

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, '', 200",
    "localhost, '', 200",
    "0.0.0.0, '', 401",
    "0.0.0.0, wrong, 403",
    "0.0.0.0, an-admin-key-for-these-tests-only, 200",
    "0.0.0.0, development-key-of-a-test, 200"
  })
  void onAnOpenAddressTheyNeedAKey(String host, String key, int status) throws Exception {
    EnsembleOptions options =
        new EnsembleOptions(
                host,
                0,
                Optional.empty(),
                List.of(RunningEnsemble.KEY),
                EnsembleOptions.embedded(Map.of()).providers(),
                Duration.ZERO)
            .withControl(AccessControlOptions.NONE.withAdminKey(ADMIN));
    try (RunningEnsemble ensemble = new RunningEnsemble(options);
        HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ensemble.port() + "/metrics"));
      if (!key.isEmpty()) {
        request.header("Authorization", "Bearer " + key);
      }
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
      assertThat(answer.body().contains("# HELP")).isEqualTo(status == 200);
    }
  }
}
