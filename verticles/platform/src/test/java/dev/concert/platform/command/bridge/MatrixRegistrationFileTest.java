package dev.concert.platform.command.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bridges.matrix.MatrixRegistration;
import dev.concert.client.ClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatrixRegistrationFileTest {
  @TempDir private Path folder;

  @Test
  void theFileNamesTheAddressOfTheConnectionThatItsTokensMake() throws Exception {
    Path file = folder.resolve("concert-matrix.yaml");
    assertThat(MatrixRegistrationFile.read(file)).isEmpty();
    MatrixRegistrationFile.create(file, path -> "https://concert.example" + path);

    MatrixRegistration registration = MatrixRegistrationFile.read(file).orElseThrow();
    assertThat(Files.readString(file))
        .contains(
            "url: https://concert.example/webhooks/matrix/" + registration.connectionId() + "\n",
            "as_token: " + registration.asToken() + "\n",
            "hs_token: " + registration.hsToken() + "\n",
            "sender_localpart: concert\n",
            "rate_limited: false\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(registration.toString())
        .doesNotContain(registration.asToken(), registration.hsToken());
    assertThat(MatrixRegistration.create().connectionId())
        .isNotEqualTo(registration.connectionId());
  }

  @Test
  void aFileThatIsSomethingElseIsLeftAsItIs() throws Exception {
    Path file = Files.writeString(folder.resolve("notes.txt"), "buy: [milk");
    assertThatThrownBy(() -> MatrixRegistrationFile.read(file))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("--registration");
  }
}
