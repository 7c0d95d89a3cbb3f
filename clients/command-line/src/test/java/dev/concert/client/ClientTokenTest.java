package dev.concert.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientTokenTest {
  @TempDir Path folder;

  @Test
  void theNamedTokenComesFirst() throws IOException {
    Files.writeString(folder.resolve("client.token"), "of-the-folder\n");

    assertThat(ClientToken.find(" named ", List.of(folder))).contains("named");
    assertThat(ClientToken.find(" ", List.of(folder))).contains("of-the-folder");
    assertThat(ClientToken.find(null, List.of(folder))).contains("of-the-folder");
  }

  @Test
  void theFirstFolderThatHasOneCounts() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(other.resolve("client.token"), "second");

    assertThat(ClientToken.find(null, List.of(empty, folder.resolve("none"), other)))
        .contains("second");
    assertThat(ClientToken.find(null, List.of(empty))).isEmpty();
  }

  @Test
  void anEmptyFileIsNoToken() throws IOException {
    Files.writeString(folder.resolve("client.token"), "\n");

    assertThat(ClientToken.find(null, List.of(folder))).isEmpty();
  }

  @Test
  void aKeyFileThatOnlyItsOwnerReadsHoldsTheKey() throws IOException {
    assertThat(ClientToken.ofFile(keyFile("ck_1_2\n", "rw-------"))).isEqualTo("ck_1_2");
  }

  @ParameterizedTest
  @CsvSource({
    "ck_1_2,rw-r--r--,Other users can read",
    "ck_1_2,rw-r-----,Other users can read",
    "'',rw-------,must hold one API key",
    "ck_1_2 ck_3_4,rw-------,must hold one API key"
  })
  void aKeyFileThatIsOpenOrHoldsNoKeyIsRefused(String content, String modes, String why)
      throws IOException {
    Path file = keyFile(content, modes);
    assertThatThrownBy(() -> ClientToken.ofFile(file))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("ck_");
  }

  @Test
  void aKeyFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> ClientToken.ofFile(folder.resolve("none")))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("none");
  }

  private Path keyFile(String content, String modes) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(modes));
  }
}
