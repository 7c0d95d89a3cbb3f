package dev.concert.ensemble.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms that are checked here and read once more by the vendor. */
class MultipartFormTest {
  private static final String MODEL = "Content-Disposition: form-data; name=\"model\"";
  private static final String FILE =
      "Content-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"";

  private static String part(String head, String content) {
    return "--B\r\n" + head + "\r\n\r\n" + content + "\r\n";
  }

  private static Optional<MultipartForm> read(String form) {
    return MultipartForm.read(
        "multipart/form-data; boundary=B", form.getBytes(StandardCharsets.UTF_8));
  }

  /** Each of them hides a second model from one of two readers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-A: ; name=\"prompt\"\r\n" + MODEL,
        "Content-Disposition: form-data; name=model; x; name=\"prompt\"",
        "Content-Disposition: form-data; name=\"prompt\"; name=\"model\"",
        "Content-Disposition: form-data; name=\"prompt\"; name*=utf-8''model",
        "Content-Disposition: form-data; name=\"prompt\"\r\n" + MODEL,
        "Content-Disposition: form-data;\r\n name=\"model\"",
        "Content-Disposition: form-data; name=\"mo\\del\"",
        "A: ; name=\"prompt\"\n" + MODEL,
        "A: ; name=\"prompt\"\r\n--B\r\n" + MODEL
      })
  void aPartThatCanBeReadInTwoWaysIsNotRead(String head) {
    String form = part(MODEL, "cheap") + part(head, "dear") + part(FILE, "sound") + "--B--\r\n";

    assertThat(read(form).flatMap(one -> one.text("prompt"))).isEmpty();
    assertThat(read(form).map(one -> new String(one.with("model", "x"), StandardCharsets.UTF_8)))
        .satisfies(sent -> assertThat(sent.orElse("")).doesNotContain("dear"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--B--x\r\n", "--B--\r\n", "--Bx\r\n"})
  void whatComesAfterAnEndIsNotSentOn(String end) {
    String form = part(MODEL, "cheap") + part(FILE, "sound") + end + part(MODEL, "dear") + "--B--";

    assertThat(read(form)).isEmpty();
  }

  @Test
  void theFormOfDotNetIsRead() {
    String form =
        "\r\n"
            + part(
                "Content-Type: text/plain; charset=utf-8\r\n"
                    + "Content-Disposition: form-data; name=model",
                "cheap")
            + part(
                "Content-Disposition: form-data; name=file; filename=a.mp3;"
                    + " filename*=utf-8''a.mp3",
                "sound")
            + "--B--\r\n";

    assertThat(read(form).orElseThrow().text("model")).hasValue("cheap");
    assertThat(read(form).orElseThrow().file("file")).hasValue("sound".length());
    assertThat(new String(read(form).orElseThrow().with("model", "x"), StandardCharsets.UTF_8))
        .isEqualTo(form.replace("cheap", "x"));
  }

  @Test
  void aFileMayHaveAnyNameAndContent() {
    String form =
        part(
                "Content-Disposition: form-data; name=\"file\"; filename=\"a \\\"; name="
                    + " ü.mp3\"\r\n"
                    + "Content-Type: audio/mpeg",
                "\r\n--A\r\n" + MODEL + "\r\n\r\nx")
            + part("content-disposition:form-data;name=\"model\"", "")
            + "--B--";

    assertThat(read(form).orElseThrow().names()).containsExactly("model");
    assertThat(read(form).orElseThrow().text("model")).hasValue("");
  }
}
