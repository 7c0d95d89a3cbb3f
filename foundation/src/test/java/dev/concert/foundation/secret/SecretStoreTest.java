package dev.concert.foundation.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretStoreTest {
  private static final String SECRET = "sk-provider-secret";

  @TempDir Path folder;

  private static MasterKey key(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return MasterKey.of("a test", Base64.getEncoder().encodeToString(bytes));
  }

  private SecretStore open(MasterKey master, Optional<MasterKey> previous) {
    return new SecretStore(folder.resolve("secrets.db"), master, previous, InstantSource.system());
  }

  @Test
  void aSecretIsReadAgainAfterARestartAndIsNotInTheFile() throws IOException {
    try (SecretStore store = open(key(1), Optional.empty())) {
      store.put("provider:openai", "sk-older");
      store.put("provider:openai", SECRET);
    }
    try (SecretStore store = open(key(1), Optional.empty())) {
      assertThat(store.find("provider:openai")).contains(SECRET);
      assertThat(store.names()).containsOnlyKeys("provider:openai");
      assertThat(store.find("provider:other")).isEmpty();
    }
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
      }
    }
  }

  @Test
  void aWrongMasterKeyIsToldAtTheStartAlsoWhereThereAreNoSecretsYet() {
    open(key(1), Optional.empty()).close();

    assertThatThrownBy(() -> open(key(2), Optional.empty()))
        .hasMessageContaining("encrypted with another master key");
    assertThatThrownBy(() -> open(key(2), Optional.of(key(3))))
        .hasMessageContaining("encrypted with another master key");
  }

  @Test
  void aNewMasterKeyTakesOverFromThePreviousOneAndTheOldOneOpensNothingMore() {
    try (SecretStore store = open(key(1), Optional.empty())) {
      store.put("provider:openai", SECRET);
    }
    try (SecretStore store = open(key(2), Optional.of(key(1)))) {
      assertThat(store.find("provider:openai")).contains(SECRET);
    }
    open(key(2), Optional.of(key(1))).close();
    assertThatThrownBy(() -> open(key(1), Optional.empty()))
        .hasMessageContaining("another master key");
  }

  @Test
  void aSealedSecretCannotBePassedOffAsAnotherOne() throws Exception {
    try (SecretStore store = open(key(1), Optional.empty())) {
      store.put("provider:cheap", "sk-cheap");
      store.put("provider:dear", SECRET);
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("secrets.db"));
          Statement statement = other.createStatement()) {
        statement.execute(
            "UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE name = 'provider:dear')"
                + " WHERE name = 'provider:cheap'");
      }
      assertThatThrownBy(() -> store.find("provider:cheap"))
          .hasMessageContaining("provider:cheap")
          .hasMessageNotContaining(SECRET);
    }
  }

  @Test
  void whatIsRemovedIsGone() {
    try (SecretStore store = open(key(1), Optional.empty())) {
      store.put("provider:openai", SECRET);
      assertThat(store.remove("provider:openai")).isTrue();
      assertThat(store.remove("provider:openai")).isFalse();
      assertThat(store.find("provider:openai")).isEmpty();
    }
  }

  @Test
  void theKeyFileIsMadeOnceForItsOwnerOnlyHoweverManyStartAtOnce() throws Exception {
    Path file = folder.resolve("deep/master.key");
    Set<String> sealedByAll = ConcurrentHashMap.newKeySet();
    try (var threads = Executors.newFixedThreadPool(8)) {
      IntStream.range(0, 8)
          .forEach(
              each ->
                  threads.submit(
                      () ->
                          sealedByAll.add(
                              MasterKey.inFile(file)
                                  .open("n", MasterKey.inFile(file).seal("n", "same"))
                                  .orElse("other"))));
    }
    assertThat(sealedByAll).containsExactly("same");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var left = Files.list(file.getParent())) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void aKeyFileThatOthersMayReadIsRefused() throws IOException {
    Path file = folder.resolve("master.key");
    MasterKey.inFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> MasterKey.inFile(file)).hasMessageContaining("chmod 600");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "not base64 at all !!", "AAAA"})
  void aMasterKeyOfAnotherFormIsNamedButNotShown(String text) {
    assertThatThrownBy(() -> MasterKey.of("ENSEMBLE_MASTER_KEY", text))
        .hasMessageContaining("ENSEMBLE_MASTER_KEY must be 32 bytes in Base64")
        .hasMessageNotContaining(text.isEmpty() ? "\n" : "'" + text);
  }
}
