package dev.concert.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
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
}
