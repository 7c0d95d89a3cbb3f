package dev.concert.gateway.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionTitleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Primes in Python | Primes in Python",
        "\"Primes in Python\" | Primes in Python",
        "**Primes in Python.** | Primes in Python",
        "Title: Primes in Python | Primes in Python",
        "# Primes | Primes",
        "one two three four five six seven | one two three four five six",
      })
  void anAnswerBecomesATitle(String answer, String title) {
    assertThat(SessionTitle.ofAnswer(answer)).contains(title);
  }

  @Test
  void controlCharactersAndEmptyLinesAreLeftOut() {
    assertThat(SessionTitle.ofAnswer("\n \t\n\u001b[31mred\u0000 \u202Ealert\nmore"))
        .contains("[31mred alert");
    assertThat(SessionTitle.ofAnswer(" \n\"\"\n")).isEmpty();
  }

  @Test
  void aMessageThatIsCutSaysSo() {
    assertThat(SessionTitle.ofMessage("create hello.py that prints the first primes"))
        .contains("create hello.py that prints the first…");
    assertThat(SessionTitle.ofMessage("hi")).contains("hi");
  }

  @Property
  void whateverIsWrittenATitleIsShort(@ForAll String text) {
    assertThat(SessionTitle.ofMessage("a" + text.repeat(50)))
        .hasValueSatisfying(
            title -> {
              assertThat(title.codePointCount(0, title.length()))
                  .isBetween(1, SessionTitle.MAX_LENGTH);
              assertThat(title).doesNotContain("\n", "\u0000");
              assertThat(title.split(" ").length).isLessThanOrEqualTo(SessionTitle.MAX_WORDS);
            });
  }

  @Test
  void aModelThatIsAskedHasToBeNamed() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> NamingOptions.from(section("{\"mode\": \"model\"}"), Map.of()))
        .withMessageContaining("gateway.naming.model");
    assertThat(
            NamingOptions.from(section("{\"mode\": \"model\", \"model\": \"fast\"}"), Map.of())
                .model())
        .isEqualTo("fast");
    assertThat(NamingOptions.from(section("{}"), Map.of())).isEqualTo(NamingOptions.DEFAULT);
  }

  private static ConfigReader section(String json) {
    return ConfigReader.of(
            new JsonObject().put("gateway", new JsonObject().put("naming", new JsonObject(json))),
            "gateway")
        .section("naming");
  }
}
