package dev.concert.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterOptionsTest {
  private static JsonObject section() {
    return new JsonObject()
        .put("node", "host-1")
        .put("name", "concert")
        .put("host", "127.0.0.1")
        .put("members", new JsonArray().add("127.0.0.1:5701"));
  }

  private static JsonObject config(JsonObject section) {
    return new JsonObject().put("cluster", section);
  }

  @Test
  void aNodeIsAloneUnlessAClusterIsNamed() {
    assertThat(ClusterOptions.from(new JsonObject())).isEmpty();
    assertThat(ClusterOptions.from(config(new JsonObject()))).isEmpty();
  }

  @Test
  void aNodeRunsEverythingUnlessRolesAreNamed() {
    ClusterOptions options = ClusterOptions.from(config(section())).orElseThrow();
    assertThat(options.roles()).containsExactlyInAnyOrder(NodeRole.values());
    assertThat(options.memberPort()).isEqualTo(5701);
  }

  @ParameterizedTest
  @CsvSource({
    "gateway;singer, cluster.roles",
    "coordinator, cluster.roles",
    "chronicle;gateway, cluster.roles"
  })
  void rolesThatCannotBeAreRefused(String roles, String setting) {
    JsonObject section = section().put("roles", new JsonArray());
    for (String role : roles.split(";")) {
      section.getJsonArray("roles").add(role);
    }
    assertThatThrownBy(() -> ClusterOptions.from(config(section)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(setting);
  }

  @ParameterizedTest
  @CsvSource({"node", "name", "host"})
  void aMissingSettingIsNamed(String setting) {
    JsonObject section = section();
    section.remove(setting);
    assertThatThrownBy(() -> ClusterOptions.from(config(section)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cluster." + setting);
  }

  @Test
  void anUnknownSettingIsRefused() {
    assertThatThrownBy(() -> ClusterOptions.from(config(section().put("memberprot", 1))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("memberprot");
  }
}
