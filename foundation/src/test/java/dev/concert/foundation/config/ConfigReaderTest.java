package dev.concert.foundation.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  @TempDir Path folder;

  private enum Color {
    RED,
    DARK_BLUE
  }

  private static ConfigReader read(String yamlLikeJson) {
    return ConfigReader.of(new JsonObject("{\"svc\": " + yamlLikeJson + "}"), "svc");
  }

  @Test
  void eachKindOfValueIsRead() {
    ConfigReader section =
        read(
            """
            {"text": " a ", "path": "/x/y", "number": 3, "long": 5000000000, "decimal": 0.5,
             "flag": true, "seconds": 7, "millis": 250, "money": "0.125", "url": "https://h/v1",
             "color": "dark-blue", "texts": ["a", "b"], "map": {"k": "v"},
             "part": {"port": 1}, "parts": [{"id": "x"}, {"id": "y"}]}
            """);
    assertThat(section.text("text")).isEqualTo("a");
    assertThat(section.optionalPath("path")).contains(Path.of("/x/y"));
    assertThat(section.number("number", 1, 9, 1)).isEqualTo(3);
    assertThat(section.longNumber("long", 1, Long.MAX_VALUE, 1)).isEqualTo(5_000_000_000L);
    assertThat(section.decimal("decimal", 0, 1, 1)).isEqualTo(0.5);
    assertThat(section.flag("flag", false)).isTrue();
    assertThat(section.seconds("seconds", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(7));
    assertThat(section.millis("millis", Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO))
        .isEqualTo(Duration.ofMillis(250));
    assertThat(section.money("money", BigDecimal.ZERO)).isEqualTo("0.125");
    assertThat(section.url("url")).isEqualTo(URI.create("https://h/v1"));
    assertThat(section.choice("color", Color.class, Color.RED)).isEqualTo(Color.DARK_BLUE);
    assertThat(section.texts("texts")).isEqualTo(List.of("a", "b"));
    assertThat(section.textMap("map")).isEqualTo(Map.of("k", "v"));
    assertThat(section.section("part").number("port", 0, 9, 0)).isEqualTo(1);
    assertThat(section.sections("parts"))
        .extracting(part -> part.text("id"))
        .containsExactly("x", "y");
    section.refuseUnknown();
  }

  @Test
  void whatIsAbsentOrNullHasItsDefault() {
    for (ConfigReader section : List.of(read("{}"), read("null"), read("{\"key\": null}"))) {
      assertThat(section.optionalText("key")).isEmpty();
      assertThat(section.text("key", "d")).isEqualTo("d");
      assertThat(section.number("key", 1, 9, 4)).isEqualTo(4);
      assertThat(section.flag("key", true)).isTrue();
      assertThat(section.choice("key", Color.class, Color.RED)).isEqualTo(Color.RED);
      assertThat(section.texts("key")).isEmpty();
      assertThat(section.textMap("key")).isEmpty();
      assertThat(section.sections("key")).isEmpty();
      assertThat(section.section("key").optionalUrl("url")).isEmpty();
      section.refuseUnknown();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text      | {}               | svc.text is required.",
        "text      | {\"text\": \" \"} | svc.text must be a text that is not empty.",
        "text      | {\"text\": 5}    | svc.text must be a text that is not empty, not 5.",
        "number    | {\"number\": 10} | svc.number must be a whole number from 1 to 9, not 10.",
        "number    | {\"number\": 1.5} | svc.number must be a whole number from 1 to 9, not 1.5.",
        "number    | {\"number\": \"1\"} | svc.number must be a whole number from 1 to 9.",
        "number    | {\"number\": 99999999999} | svc.number must be a whole number from 1 to 9",
        "flag      | {\"flag\": \"yes\"} | svc.flag must be true or false.",
        "money     | {\"money\": \"x\"} | svc.money must be a decimal such as \"0.125\".",
        "money     | {\"money\": -1}   | svc.money must not be negative, not -1.",
        "url       | {\"url\": \"ftp://h\"} | svc.url must be a URL such as"
            + " https://example.com/v1.",
        "url       | {\"url\": \"a b\"} | svc.url must be a URL such as",
        "color     | {\"color\": \"RED\"} | svc.color must be one of: red, dark-blue.",
        "texts     | {\"texts\": \"a\"} | svc.texts must be a list.",
        "texts     | {\"texts\": [\"a\", 1]} | svc.texts[1] must be a text",
        "map       | {\"map\": {\"k\": 1}} | svc.map.k must be a text",
        "part      | {\"part\": []}     | svc.part must be a mapping of names to values.",
        "parts     | {\"parts\": [{}, 1]} | svc.parts[1] must be a mapping",
        "path      | {\"path\": \"\\u0000\"} | svc.path must be a path.",
      })
  void aWrongValueIsNamedWithItsRule(String key, String json, String sentence) {
    Map<String, Consumer<ConfigReader>> reads =
        Map.of(
            "text", section -> section.text("text"),
            "number", section -> section.number("number", 1, 9, 1),
            "flag", section -> section.flag("flag", true),
            "money", section -> section.money("money", BigDecimal.ONE),
            "url", section -> section.url("url"),
            "color", section -> section.choice("color", Color.class, Color.RED),
            "texts", section -> section.texts("texts"),
            "map", section -> section.textMap("map"),
            "path", section -> section.optionalPath("path"),
            "part", section -> section.section("part"));
    Consumer<ConfigReader> parts = section -> section.sections("parts");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> reads.getOrDefault(key, parts).accept(read(json)))
        .withMessageContaining(sentence);
  }

  @Test
  void anUnknownKeyIsRefusedWithTheKnownOnesAtEveryDepth() {
    ConfigReader section = read("{\"port\": 1, \"inner\": {\"maxProceses\": 7}}");
    section.number("port", 0, 9, 0);
    section.section("inner").number("maxProcesses", 1, 9, 1);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(section::refuseUnknown)
        .withMessage("svc.inner.maxProceses is not known; the known keys are: maxProcesses.")
        .satisfies(e -> assertThat(e.setting()).contains("svc.inner.maxProceses"));
  }

  @Test
  void theFileAndTheLineAreNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("c.yaml"), "# c\nsvc:\n  port: 1\n  prot: 2\n");
    ConfigReader section = ConfigReader.of(ConfigFile.read(file), "svc");
    section.number("port", 0, 9, 0);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(section::refuseUnknown)
        .satisfies(
            e ->
                assertThat(e.in(file, e.setting().orElseThrow()))
                    .hasMessageStartingWith(file + " line 4: svc.prot is not known"));
  }

  @Property(tries = 200)
  void aTextIsNeverShownSinceItMayBeASecret(@ForAll long number) {
    String secret = "sk-" + Long.toHexString(number);
    ConfigReader section =
        ConfigReader.of(
            new JsonObject().put("svc", new JsonObject().put("port", secret).put(secret, 1)),
            "svc");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> section.number("port", 0, 9, 0))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(secret));
  }
}
