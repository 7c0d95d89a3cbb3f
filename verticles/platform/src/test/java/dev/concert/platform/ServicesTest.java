package dev.concert.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.chronicle.collection.UpkeepOptions;
import dev.concert.chronicle.retention.RetentionPolicy;
import dev.concert.foundation.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicesTest {
  private static Services read(JsonObject config) {
    Path home = Path.of(System.getProperty("concert.home"));
    return Services.read(
        new PlatformOptions("127.0.0.1", 0, Path.of("/data"), home, config), Map.of());
  }

  @Test
  void keysAreInTheDataFolderUnlessAnotherFileIsNamed() {
    assertThat(read(new JsonObject()).ensemble().control().keysFile())
        .contains(Path.of("/data/keys.db"));
    assertThat(
            read(new JsonObject("{\"ensemble\": {\"keysFile\": \"/shared/keys.db\"}}"))
                .ensemble()
                .control()
                .keysFile())
        .contains(Path.of("/shared/keys.db"));
  }

  @Test
  void upkeepIsAsTheConfigurationSaysAndAWrongKeyIsNamed() {
    assertThat(read(new JsonObject()).chronicle().upkeep()).isEqualTo(UpkeepOptions.USUAL);
    assertThat(
            read(new JsonObject(
                    """
                        {"chronicle": {"retention": "last:7",
                          "collection": {"everyHours": 0, "graceHours": 48}}}
                        """))
                .chronicle()
                .upkeep())
        .isEqualTo(
            new UpkeepOptions(
                new RetentionPolicy.KeepLast(7), Duration.ZERO, Duration.ofHours(48)));
    Map<String, String> wrong =
        Map.of(
            "{\"retention\": \"some\"}", "chronicle.retention",
            "{\"collection\": 5}", "chronicle.collection must be",
            "{\"collection\": {\"every\": 5}}", "no key 'every'",
            "{\"collection\": {\"graceHours\": 0}}", "chronicle.collection.graceHours is '0'",
            "{\"collection\": {\"everyHours\": \"x\"}}", "chronicle.collection.everyHours is 'x'");
    wrong.forEach(
        (section, words) ->
            assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(new JsonObject("{\"chronicle\": " + section + "}")))
                .withMessageContaining(words));
  }
}
