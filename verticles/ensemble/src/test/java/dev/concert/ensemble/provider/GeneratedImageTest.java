package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.GeminiWire;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A picture that Gemini draws is one for a client of Chat Completions, and goes back to Gemini. */
class GeneratedImageTest {
  private static final String ANSWER =
      "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Here.\"},"
          + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}]},"
          + "\"finishReason\":\"STOP\",\"index\":0}]}";

  private static FakeVendors played;
  private static FakeVendor gemini;

  @BeforeAll
  static void start() {
    played = new FakeVendors();
    gemini = played.vendor(new GeminiWire());
    gemini.stream(Buffer.buffer("data: " + ANSWER + "\n\n"));
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  private static String ask(String messages, boolean stream) {
    String body =
        "{\"model\":\"gemini\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Draw.\"}%s]}"
            .formatted(stream, messages);
    return played.ensemble().client(RunningEnsemble.KEY).post("/v1/chat/completions", body).body();
  }

  @Test
  void isInTheMessageAndGoesBackWithIt() {
    JsonNode message = EnsembleClient.json(ask("", false)).at("/choices/0/message");
    assertThat(message.at("/images/0/image_url/url").asText())
        .isEqualTo("data:image/png;base64,AAAA");
    assertThat(message.path("content").asText()).isEqualTo("Here.");
    gemini.asked();

    ask("," + message + ",{\"role\":\"user\",\"content\":\"Bigger.\"}", false);

    assertThat(gemini.asked().body()).contains("\"inlineData\":{\"mimeType\":\"image/png\"");
  }

  @Test
  void isAChunkOfAStream() {
    List<String> images =
        ask("", true)
            .lines()
            .filter(line -> line.startsWith("data: {"))
            .map(line -> EnsembleClient.json(line.substring("data: ".length())))
            .map(chunk -> chunk.at("/choices/0/delta/images/0/image_url/url").asText())
            .filter(url -> !url.isEmpty())
            .toList();

    assertThat(images).containsExactly("data:image/png;base64,AAAA");
    gemini.asked();
  }
}
