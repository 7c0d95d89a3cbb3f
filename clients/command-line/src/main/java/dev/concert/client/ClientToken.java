package dev.concert.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the token by which a program shows that it may use a server: an API key in a file, {@code
 * CONCERT_KEY}, {@code CONCERT_TOKEN}, or what a local server wrote into its data folder. None is
 * taken as an argument of a program, which every user of the machine can see. On Linux a local
 * server knows its user's programs without a token. Blocking.
 */
public final class ClientToken {
  private static final String FILE = "client.token";

  private ClientToken() {}

  /**
   * @param named content of {@code CONCERT_TOKEN}; null or blank for none
   * @param folders where a server of this user may have its data; the first one with a token counts
   */
  public static Optional<String> find(String named, List<Path> folders) {
    if (named != null && !named.isBlank()) {
      return Optional.of(named.strip());
    }
    return folders.stream()
        .map(folder -> folder.resolve(FILE))
        .filter(Files::isReadable)
        .map(ClientToken::read)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * The API key in a file that only its owner can read.
   *
   * @throws ClientException that says what is wrong with the file
   */
  public static String ofFile(Path file) {
    if (!Files.isReadable(file)) {
      throw new ClientException("The key file %s cannot be read.".formatted(file));
    }
    if (isOpenToOthers(file)) {
      throw new ClientException(
          "Other users can read the key file %s. Close it first: chmod 600 %s"
              .formatted(file, file));
    }
    return read(file)
        .filter(key -> key.chars().noneMatch(Character::isWhitespace))
        .orElseThrow(
            () ->
                new ClientException(
                    "The key file %s must hold one API key and nothing else.".formatted(file)));
  }

  private static boolean isOpenToOthers(Path file) {
    try {
      Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
      return modes.contains(PosixFilePermission.GROUP_READ)
          || modes.contains(PosixFilePermission.OTHERS_READ);
    } catch (UnsupportedOperationException e) {
      // This file system has no such permissions.
      return false;
    } catch (IOException e) {
      throw new ClientException("The key file %s cannot be read.".formatted(file));
    }
  }

  private static Optional<String> read(Path file) {
    try {
      String token = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return Optional.of(token).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      // The file went away or lost its permissions: as if there were no token.
      return Optional.empty();
    }
  }
}
