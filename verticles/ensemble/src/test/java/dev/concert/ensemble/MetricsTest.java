package dev.concert.ensemble;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.provider.chat.Upstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Prometheus finds at {@code /metrics}. */
class MetricsTest {
  private static final String MODEL = "model=\"real\",provider=\"scripted\"";

  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble = new RunningEnsemble(upstream.options());

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private String metrics() {
    return ensemble.client("").get("/metrics").body();
  }

  private HttpResponse<String> ask(String model) {
    return ensemble.client().post("/api/v1/generate", Requests.ofModel(model));
  }

  @Test
  void anAnswerIsCountedWithItsTokensTimesAndCost() {
    upstream.events(data(text("hi"), finish("stop"), usage(1_000, 400, 20), "[DONE]"));

    ask("real");

    assertThat(metrics().lines())
        .contains(
            "ensemble_calls_total{model=\"real\",outcome=\"end_turn\",provider=\"scripted\"} 1.0",
            "ensemble_tokens_total{kind=\"input\"," + MODEL + "} 600.0",
            "ensemble_tokens_total{kind=\"cached\"," + MODEL + "} 400.0",
            "ensemble_tokens_total{kind=\"output\"," + MODEL + "} 20.0",
            "ensemble_cost_dollars_total{" + MODEL + "} 0.00222",
            "ensemble_time_to_first_token_seconds_count{" + MODEL + "} 1",
            "ensemble_overhead_seconds_count{form=\"generate\"} 1",
            "ensemble_breaker{endpoint=\"scripted\"} 0.0");
  }

  @Test
  void failuresAndRefusalsAreCountedByTheirCode() {
    upstream.status(500, "application/json", "{}");

    for (int i = 0; i < 5; i++) {
      ask("real");
    }
    ask("nobody-has-it");

    assertThat(metrics())
        .contains(
            "outcome=\"provider_failed\",provider=\"scripted\"} 5.0",
            "ensemble_refused_total{code=\"model_unknown\"} 1.0",
            "ensemble_breaker{endpoint=\"scripted\"} 2.0");
  }

  @Test
  void neitherAPromptNorAKeyIsInThem() {
    upstream.events(data(text("the answer"), finish("stop"), usage(10, 0, 2), "[DONE]"));
    ask("real");

    assertThat(metrics())
        .contains("ensemble_calls_total")
        .doesNotContain(RunningEnsemble.KEY, Upstream.KEY, "hello", "the answer");
  }
}
