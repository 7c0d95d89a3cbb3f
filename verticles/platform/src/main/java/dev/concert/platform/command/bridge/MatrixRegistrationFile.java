package dev.concert.platform.command.bridge;

import dev.concert.bridges.matrix.MatrixRegistration;
import dev.concert.client.ClientException;
import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The file that tells a homeserver of Matrix about the bridge. It has both tokens, so nobody else
 * may read it. Format: https://spec.matrix.org/v1.19/application-service-api/#registration.
 */
final class MatrixRegistrationFile {
  private MatrixRegistrationFile() {}

  /**
   * The registration in a file; empty where there is no file.
   *
   * @throws ClientException where the file is something else
   */
  static Optional<MatrixRegistration> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Object content =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
      if (content instanceof Map<?, ?> map
          && map.get("as_token") instanceof String asToken
          && map.get("hs_token") instanceof String hsToken) {
        return Optional.of(new MatrixRegistration(asToken, hsToken));
      }
    } catch (IOException | YAMLException e) {
      // The same as a file without tokens.
    }
    throw new ClientException(
        "%s is no registration of Matrix. Name another file with --registration.".formatted(file));
  }

  /**
   * Writes a registration with new tokens, which only the owner of the file can read.
   *
   * @param address of a path of this server
   */
  static void create(Path file, Function<String, String> address) {
    MatrixRegistration registration = MatrixRegistration.create();
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    String url = address.apply("/webhooks/matrix/" + registration.connectionId());
    String yaml = new Yaml(options).dump(registration.content(url));
    try {
      PrivateFiles.write(file, yaml.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ClientException(
          "%s cannot be written. Give another place with --registration.".formatted(file));
    }
  }
}
