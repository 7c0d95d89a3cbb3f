package dev.concert.foundation.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir Path folder;

  @Test
  void aMappingIsRead() throws Exception {
    var config = ConfigFile.read(file("gateway:\n  port: 9000\n"));
    assertThat(config.getJsonObject("gateway").getInteger("port")).isEqualTo(9000);
  }

  @Test
  void anEmptyFileIsAnEmptyConfiguration() throws Exception {
    assertThat(ConfigFile.read(file(""))).isEmpty();
  }

  @Test
  void theBrokenLineIsNamed() {
    assertThatThrownBy(() -> ConfigFile.read(file("gateway:\n  port: 1\n bad\n")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("c.yaml is not valid YAML in line 3");
  }

  @Test
  void aListIsNoConfiguration() {
    assertThatThrownBy(() -> ConfigFile.read(file("- a\n- b\n")))
        .hasMessageContaining("must be a mapping");
  }

  @Test
  void aTypeTagDoesNotMakeAnObject() {
    assertThatThrownBy(() -> ConfigFile.read(file("x: !!java.io.File [/tmp/x]\n")))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ConfigFile.read(folder.resolve("nowhere.yaml")))
        .hasMessageContaining("nowhere.yaml does not exist");
  }

  @Test
  void aKeyThatStandsTwiceIsRefusedWithItsLine() {
    assertThatThrownBy(() -> ConfigFile.read(file("a: 1\nb: 2\na: 3\n")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("duplicate key a");
  }

  @Test
  void aFolderIsNoFile() {
    assertThatThrownBy(() -> ConfigFile.read(folder))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot be read");
  }

  private Path file(String content) throws Exception {
    return Files.writeString(folder.resolve("c.yaml"), content);
  }
}
