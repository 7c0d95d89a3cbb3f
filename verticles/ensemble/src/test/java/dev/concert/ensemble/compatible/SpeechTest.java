package dev.concert.ensemble.compatible;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Speech from text and text from speech, at a provider of OpenAI's API. */
class SpeechTest {
  private static final byte[] SOUND = {0, 13, 10, 45, 45, 120, (byte) 0xff, (byte) 0xfe, 0};
  private static final String BOUNDARY = "x-boundary";

  @TempDir static Path folder;
  private static Upstream upstream;
  private static RunningEnsemble ensemble;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    upstream = new Upstream();
    http = HttpClient.newHttpClient();
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY),
                    List.of(upstream.options()),
                    Duration.ZERO)
                .withLedger(folder.resolve("ledger.db")));
  }

  @AfterAll
  static void stop() {
    http.close();
    ensemble.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.bodies.clear();
  }

  private static HttpRequest.Builder request(String path, String type, byte[] body) {
    return HttpRequest.newBuilder(URI.create(ensemble.baseUrl() + "/v1/audio/" + path))
        .header("Authorization", "Bearer " + RunningEnsemble.KEY)
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private static HttpRequest.Builder speak(String body) {
    return request(
        "speech", "application/json", body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String field(String name, String value) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(BOUNDARY, name, value);
  }

  /** A form with these fields and, if it is wanted, a file. */
  private static byte[] form(boolean file, String... fields) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      form.writeBytes(field(fields[i], fields[i + 1]).getBytes(StandardCharsets.UTF_8));
    }
    if (file) {
      form.writeBytes(
          ("--"
                  + BOUNDARY
                  + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\""
                  + "\r\nContent-Type: audio/mpeg\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      form.writeBytes(SOUND);
      form.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    form.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return form.toByteArray();
  }

  private static HttpRequest.Builder transcribe(String path, byte[] form) {
    return request(path, "multipart/form-data; boundary=" + BOUNDARY, form);
  }

  private static HttpResponse<String> text(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void speechComesByteByByteUnderItsOwnType() throws Exception {
    upstream.serve("audio/speech");
    upstream.script(
        response -> response.putHeader("content-type", "audio/mpeg").end(Buffer.buffer(SOUND)));

    HttpResponse<byte[]> answer =
        http.send(
            speak("{'model':'real','input':'Hello.','voice':'alloy','speed':1.5}").build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("audio/mpeg");
    assertThat(answer.body()).isEqualTo(SOUND);
    String sent = upstream.bodies.take();
    assertThat(EnsembleClient.json(sent).path("voice").asText()).isEqualTo("alloy");
    assertThat(EnsembleClient.json(sent).path("model").asText()).isNotEqualTo("real");
    assertThat(ensemble.client().get("/api/v1/usage/export?format=jsonl").body())
        .contains("\"speech\"");
  }

  @Test
  void speechIsHeardWhileTheVendorStillSpeaks() throws Exception {
    BlockingQueue<HttpServerResponse> open = new LinkedBlockingQueue<>();
    upstream.serve("audio/speech");
    upstream.script(
        response -> {
          response.setChunked(true).putHeader("content-type", "audio/mpeg");
          response.write(Buffer.buffer(SOUND));
          open.add(response);
        });

    HttpResponse<InputStream> answer =
        http.send(
            speak("{'model':'real','input':'Hello.','voice':'alloy'}").build(),
            HttpResponse.BodyHandlers.ofInputStream());

    try (InputStream sound = answer.body()) {
      assertThat(sound.readNBytes(SOUND.length)).isEqualTo(SOUND);
      open.take().end(Buffer.buffer("rest"));
      assertThat(sound.readAllBytes()).asString().isEqualTo("rest");
    }
  }

  @Test
  void speechThatIsCutIsNoWholeAnswer() {
    upstream.serve("audio/speech");
    upstream.script(
        response -> {
          response.setChunked(true).putHeader("content-type", "audio/mpeg");
          response.write(Buffer.buffer(SOUND)).onSuccess(written -> response.reset());
        });

    assertThatThrownBy(
            () ->
                http.send(
                    speak("{'model':'real','input':'Hello.','voice':'alloy'}").build(),
                    HttpResponse.BodyHandlers.ofByteArray()))
        .isInstanceOf(java.io.IOException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "transcriptions | application/json |"
            + " {\"text\":\"Hi\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":1234,\"output_tokens\":45}}",
        "transcriptions | text/plain | Hi there",
        "translations | application/x-subrip | 1",
        "transcriptions | text/event-stream | data:"
            + " {\"type\":\"transcript.text.done\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":1234,\"output_tokens\":45}}"
      })
  void aFormArrivesWithItsFileAndTheAnswerComesBackAsItIs(String path, String type, String said)
      throws Exception {
    upstream.serve("audio/" + path);
    upstream.script(response -> response.putHeader("content-type", type).end(said));

    HttpResponse<String> answer =
        text(transcribe(path, form(true, "prompt", "names: Ä", "model", "real", "stream", "true")));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(said);
    assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith(type);
    String sent = upstream.bodies.take();
    String model = sent.split("name=\"model\"\r\n\r\n")[1].split("\r\n")[0];
    assertThat(model).isNotEqualTo("real").isNotEmpty();
    assertThat(sent.replace("\r\n" + model + "\r\n", "\r\nreal\r\n"))
        .isEqualTo(
            Buffer.buffer(form(true, "prompt", "names: Ä", "model", "real", "stream", "true"))
                .toString());
    if (said.contains("1234")) {
      assertThat(ensemble.client().get("/api/v1/usage/export?format=jsonl").body())
          .contains("1234");
    }
  }

  @Test
  void aFormIsRefusedByTheNameOfItsField() throws Exception {
    assertThat(text(transcribe("transcriptions", form(false, "model", "real"))).body())
        .contains("file: is required");
    assertThat(text(transcribe("transcriptions", form(true, "prompt", "x"))).body())
        .contains("model: must be");
    assertThat(text(transcribe("transcriptions", form(true, "model", "nope"))).statusCode())
        .isEqualTo(404);
    assertThat(
            text(request("transcriptions", "application/json", "{\"model\":\"real\"}".getBytes()))
                .body())
        .contains("multipart/form-data");
    assertThat(text(transcribe("transcriptions", "no form at all".getBytes())).statusCode())
        .isEqualTo(400);
    assertThat(text(speak("{'model':'real','voice':'alloy'}")).body()).contains("input: is");
    assertThat(upstream.bodies).isEmpty();
  }

  @Test
  void theVendorsErrorIsToldInOpenAisForm() throws Exception {
    upstream.serve("audio/speech");
    upstream.status(400, "application/json", "{\"error\":{\"message\":\"no such voice\"}}");

    HttpResponse<String> refused = text(speak("{'model':'real','input':'x','voice':'none'}"));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(EnsembleClient.json(refused.body()).path("error").path("message").asText())
        .contains("no such voice");
  }
}
