package dev.concert.foundation.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNamespaceTest {
  private static final String TOKEN = "xoxb-1-secret";

  @TempDir Path folder;

  private SecretStore open() {
    return SecretOptions.of(folder.resolve("secrets.db"), Map.of(), "CONCERT_MASTER_KEY").open();
  }

  @Test
  void aTenantFindsItsOwnSecretsOnly() {
    try (SecretStore store = open()) {
      SecretNamespace acme = new SecretNamespace(store, "acme");
      SecretNamespace zeta = new SecretNamespace(store, "zeta");
      acme.put("slack", TOKEN);
      assertThat(zeta.find("slack")).isEmpty();
      assertThat(zeta.remove("slack")).isFalse();
      zeta.put("slack", "xoxb-2");
      acme.removeAll();
      assertThat(acme.names()).isEmpty();
      assertThat(zeta.find("slack")).contains("xoxb-2");
    }
  }

  @Test
  void aRowThatIsMovedToAnotherTenantDoesNotDecrypt() throws Exception {
    try (SecretStore store = open()) {
      new SecretNamespace(store, "acme").put("slack", TOKEN);
    }
    try (Connection thief =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("secrets.db"));
        Statement statement = thief.createStatement()) {
      statement.executeUpdate(
          "UPDATE secrets SET name = 'tenant:zeta:slack' WHERE name = 'tenant:acme:slack'");
    }
    try (SecretStore store = open()) {
      SecretNamespace zeta = new SecretNamespace(store, "zeta");
      assertThatThrownBy(() -> zeta.find("slack"))
          .hasMessageContaining("Cannot decrypt")
          .hasMessageNotContaining(TOKEN);
    }
    assertThat(
            Files.readString(
                folder.resolve("secrets.db"), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(TOKEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b", "a/b", "a b", "ä"})
  void anIdThatCouldReachAnotherNamespaceIsRefused(String tenantId) {
    try (SecretStore store = open()) {
      assertThatThrownBy(() -> new SecretNamespace(store, tenantId))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
