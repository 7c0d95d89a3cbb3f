package dev.concert.ensemble.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import io.vertx.core.buffer.Buffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEstimateTest {
  @Property
  void fourCharactersAreATokenRoundedUp(@ForAll @LongRange(max = 1_000_000) long characters) {
    long tokens = TokenEstimate.ofCharacters(characters);

    assertThat(4 * tokens).isGreaterThanOrEqualTo(characters).isLessThan(characters + 4);
  }

  @ParameterizedTest
  @CsvSource({
    "hello, 1.1, 1.3",
    "größer, 1.1, 2.1",
    "привет, 1.5, 3.1",
    "สวัสดี, 2, 4.5",
    "你好世界, 3, 4.1",
    "こんにちは, 2.5, 5.1",
    "안녕하세요, 2.5, 5.1",
    "😀, 1.5, 3",
  })
  void aTextCountsByItsScript(String text, double least, double most) {
    String content = "\"content\":\"%s\"".formatted(text.repeat(1000));

    long tokens = TokenEstimate.ofPrompt(request(content, ""));

    assertThat(tokens / 1000.0).isBetween(least, most + 0.1);
  }

  @Test
  void everyMessageAndToolCounts() {
    long one = TokenEstimate.ofPrompt(request("\"content\":\"hello\"", ""));
    long longer = TokenEstimate.ofPrompt(request("\"content\":\"hello hello hello\"", ""));
    long tool =
        TokenEstimate.ofPrompt(
            request(
                "\"content\":\"hello\"",
                ",\"tools\":[{\"name\":\"read\",\"description\":\"Reads a file\"}]"));

    assertThat(longer).isGreaterThan(one);
    assertThat(tool).isGreaterThan(one);
  }

  @Test
  void anImageCountsAsAnImageAndNotByItsUrl() {
    long picture =
        TokenEstimate.ofPrompt(
            request(
                "\"content_blocks\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"http://x/y\"}}]",
                ""));

    assertThat(picture).isGreaterThan(900);
  }

  @Test
  void theAnswerIsExpectedToBeAsLongAsTheClientAllowsOrOfUsualLength() {
    InferenceRequest open = request("\"content\":\"hello\"", "");
    InferenceRequest limited = request("\"content\":\"hello\"", ",\"max_tokens\":7");

    assertThat(CallEstimate.usualAnswer(open)).isEqualTo(1024);
    assertThat(CallEstimate.usualAnswer(limited)).isEqualTo(7);
  }

  private static InferenceRequest request(String content, String more) {
    return RequestReader.read(
        Buffer.buffer(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"," + content + "}]" + more + "}"));
  }
}
