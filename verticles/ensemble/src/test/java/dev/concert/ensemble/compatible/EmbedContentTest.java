package dev.concert.ensemble.compatible;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.GeminiWire;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Google's embeddings, passed through to Google. */
class EmbedContentTest {
  private static FakeVendors played;

  @BeforeAll
  static void start() {
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  private static HttpResponse<String> ask(String model, String method, String body) {
    return played
        .ensemble()
        .client()
        .post("/v1beta/models/" + model + ":" + method, body.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "embedContent | {'content':{'parts':[{'text':'hi'}]},'outputDimensionality':2} |"
            + " {'content':{'parts':[{'text':'hi'}]},'outputDimensionality':2} |"
            + " {'embedding':{'values':[0.1,-2.50]}}",
        "batchEmbedContents |"
            + " {'requests':[{'model':'models/gemini','content':{'parts':[{'text':'hi'}]}}]} |"
            + " {'requests':[{'model':'models/vendors-own-name','content':{'parts':[{'text':'hi'}]}}]}"
            + " | {'embeddings':[{'values':[0.1]}]}"
      })
  void theBodyGoesToGoogleAndTheAnswerComesBack(
      String method, String asked, String sent, String answered) {
    FakeVendor google = played.vendor(new GeminiWire());
    google.script(
        (request, to) ->
            to.putHeader("content-type", "application/json").end(answered.replace('\'', '"')));

    HttpResponse<String> answer = ask("gemini", method, asked);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(EnsembleClient.json(answer.body()))
        .isEqualTo(EnsembleClient.json(answered.replace('\'', '"')));
    FakeVendor.Asked theirs = google.asked();
    assertThat(theirs.path()).endsWith("/models/vendors-own-name:" + method);
    assertThat(EnsembleClient.json(theirs.body()))
        .isEqualTo(EnsembleClient.json(sent.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "gemini | embedContent | {} | 400 | content: is required",
        "gemini | batchEmbedContents | {'requests':[]} | 400 | requests: is required",
        "anthropic | embedContent | {'content':{'parts':[]}} | 400 | does not serve",
        "nobody | embedContent | {'content':{'parts':[]}} | 404 | nobody"
      })
  void whatCannotBeServedIsRefusedInGooglesForm(
      String model, String method, String body, int status, String words) {
    HttpResponse<String> refused = ask(model, method, body);

    JsonNode error = EnsembleClient.json(refused.body()).path("error");
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
    assertThat(error.path("code").asInt()).isEqualTo(status);
    assertThat(error.path("message").asText()).contains(words);
  }
}
