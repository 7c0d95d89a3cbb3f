package dev.concert.ensemble.api;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.chat.Upstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that posts to {@code /api/v1/generate/stream} and decodes the body as text. */
class GenerateStreamTest {
  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble =
      new RunningEnsemble(Upstream.options(upstream.url(), Duration.ofSeconds(20)));

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private JsonNode ask(String key, String model, String accept) throws Exception {
    Process client =
        new ProcessBuilder(
                "node",
                Path.of("src", "test", "clients", "early", "ask.mjs").toString(),
                ensemble.baseUrl(),
                key,
                model,
                accept)
            .redirectErrorStream(true)
            .start();
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(client.waitFor()).as(said).isZero();
    return EnsembleClient.json(said);
  }

  private void answers() {
    upstream.slowly(
        1,
        List.of(data(text("Grüße ")), data(text("🎻"))),
        data(finish("stop"), usage(100, 40, 7), "[DONE]"));
  }

  @Test
  void itReceivesTheEventsOfAStreamAndItsLimitsHold() throws Exception {
    answers();

    JsonNode answer = ask(RunningEnsemble.KEY, "real", "*/*");

    assertThat(answer.path("status").asInt()).as("%s", answer).isEqualTo(200);
    assertThat(answer.path("type").asText()).startsWith("text/event-stream");
    assertThat(answer.path("text").asText())
        .contains("event: block", "\"text\":\"Grüße \"", "event: done", "\"output_tokens\":7");
    assertThat(upstream.bodies.remove()).contains("77", "\"temperature\":0.5");
  }

  @Test
  void whereItAcceptsOnlyTextItReceivesTheWordsAndNothingElse() throws Exception {
    answers();

    JsonNode answer = ask(RunningEnsemble.KEY, "real", "text/plain");

    assertThat(answer.path("type").asText()).isEqualTo("text/plain; charset=utf-8");
    assertThat(answer.path("text").asText()).isEqualTo("Grüße 🎻");
    assertThat(answer.path("cut").asBoolean()).isFalse();
  }

  @Test
  void aTextThatBreaksOffIsNeverAWholeOne() throws Exception {
    upstream.events(data(text("Half")));

    JsonNode answer = ask(RunningEnsemble.KEY, "real", "text/plain");

    assertThat(answer.path("status").asInt()).isEqualTo(200);
    assertThat(answer.path("cut").asBoolean()).as("%s", answer).isTrue();
  }

  @Test
  void whatIsRefusedIsAnErrorAsOfAnyOtherCall() throws Exception {
    assertThat(ask("a-wrong-key", "real", "*/*").path("status").asInt()).isEqualTo(401);
    JsonNode unknown = ask(RunningEnsemble.KEY, "nobody-knows", "text/plain");
    assertThat(unknown.path("status").asInt()).isEqualTo(404);
    assertThat(unknown.path("text").asText()).contains("MODEL_UNKNOWN");
    assertThat(upstream.bodies).isEmpty();
  }
}
