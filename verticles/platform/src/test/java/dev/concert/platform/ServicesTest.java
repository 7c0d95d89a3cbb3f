package dev.concert.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.chronicle.gc.GcOptions;
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
  void inAClusterEnsembleListensWhereOtherNodesReachItUnlessItsHostIsConfigured() {
    String cluster =
        "\"cluster\": {\"node\": \"a\", \"name\": \"c\", \"host\": \"10.0.0.6\", \"members\":"
            + " [\"b:1\"]}";

    assertThat(read(new JsonObject("{" + cluster + "}")).ensemble().host()).isEqualTo("10.0.0.6");
    assertThat(
            read(new JsonObject("{" + cluster + ", \"ensemble\": {\"host\": \"0.0.0.0\"}}"))
                .ensemble()
                .host())
        .isEqualTo("0.0.0.0");
    assertThat(read(new JsonObject()).ensemble().host()).isEqualTo("127.0.0.1");
  }

  @Test
  void upkeepIsAsTheConfigurationSaysAndAWrongKeyIsNamed() {
    assertThat(read(new JsonObject()).chronicle().upkeep()).isEqualTo(GcOptions.USUAL);
    assertThat(
            read(new JsonObject(
                    """
                    {"chronicle": {"retention": "last:7",
                      "collection": {"everyHours": 0, "graceHours": 48}}}
                    """))
                .chronicle()
                .upkeep())
        .isEqualTo(
            new GcOptions(new RetentionPolicy.KeepLast(7), Duration.ZERO, Duration.ofHours(48)));
    Map<String, String> wrong =
        Map.of(
            "{\"retention\": \"some\"}", "chronicle.retention",
            "{\"collection\": 5}", "chronicle.collection must be",
            "{\"collection\": {\"every\": 5}}", "chronicle.collection.every is not known",
            "{\"collection\": {\"graceHours\": 0}}",
                "chronicle.collection.graceHours must be a whole number from 1",
            "{\"collection\": {\"everyHours\": \"x\"}}",
                "chronicle.collection.everyHours must be a whole number");
    wrong.forEach(
        (section, words) ->
            assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(new JsonObject("{\"chronicle\": " + section + "}")))
                .withMessageContaining(words));
  }
}
