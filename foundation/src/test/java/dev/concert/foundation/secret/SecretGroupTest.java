package dev.concert.foundation.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretGroupTest {
  private static final Set<String> NAMES = Set.of("token", "secret", "optional");

  @TempDir Path folder;

  private SecretStore open() {
    return SecretOptions.of(folder.resolve("secrets.db"), Map.of(), "CONCERT_MASTER_KEY").open();
  }

  @Test
  void aThingHasItsSecretsAfterARestartAndNoneOfAnother() {
    try (SecretStore store = open()) {
      new SecretGroup(store, "acme", "bridge", "c1").put(Map.of("token", "t1", "secret", "s1"));
      new SecretGroup(store, "acme", "github", "c1").put(Map.of("token", "t2"));
      new SecretGroup(store, "zeta", "bridge", "c1").put(Map.of("token", "t3"));
    }
    try (SecretStore store = open()) {
      SecretGroup one = new SecretGroup(store, "acme", "bridge", "c1");
      assertThat(one.find(NAMES)).isEqualTo(Map.of("token", "t1", "secret", "s1"));
      one.remove(NAMES);
      assertThat(one.find(NAMES)).isEmpty();
      assertThat(new SecretGroup(store, "acme", "github", "c1").find(NAMES))
          .isEqualTo(Map.of("token", "t2"));
      assertThat(new SecretGroup(store, "zeta", "bridge", "c1").find(NAMES))
          .isEqualTo(Map.of("token", "t3"));
    }
  }
}
