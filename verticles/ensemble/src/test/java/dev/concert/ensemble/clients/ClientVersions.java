package dev.concert.ensemble.clients;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.EnsembleClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which versions of the clients a run installs, and how npm and pip are asked for them. */
enum ClientVersions {
  /** Those of the lock files: every build has the same. */
  PINNED {
    @Override
    Installation npm(String client) throws IOException {
      byte[] lock = source(client, "package-lock.json");
      return new Installation(
          lock,
          Map.of("package.json", source(client, "package.json"), "package-lock.json", lock),
          List.of(npmCommand("ci")));
    }

    @Override
    Installation python(String client) throws IOException {
      byte[] lock = source(client, "requirements.txt");
      return new Installation(
          lock,
          Map.of("requirements.txt", lock),
          List.of(VENV, pip("--no-deps", "-r", "requirements.txt")));
    }
  },

  /** Those that npm and PyPI offer today, and what these depend on. */
  NEWEST {
    @Override
    Installation npm(String client) throws IOException {
      ObjectNode asked =
          (ObjectNode) EnsembleClient.json(text(source(client, "package.json"))).deepCopy();
      ObjectNode dependencies = (ObjectNode) asked.get("dependencies");
      List.copyOf(dependencies.properties())
          .forEach(dependency -> dependencies.put(dependency.getKey(), "latest"));
      byte[] file = bytes(asked.toPrettyString());
      return new Installation(
          today(file), Map.of("package.json", file), List.of(npmCommand("install")));
    }

    @Override
    Installation python(String client) throws IOException {
      byte[] file = source(client, "requirements.in");
      return new Installation(
          today(file),
          Map.of("requirements.in", file),
          List.of(VENV, pip("-r", "requirements.in")));
    }

    /** What is newest is asked for again the next day. */
    private static byte[] today(byte[] file) {
      return bytes(LocalDate.now() + "\n" + text(file));
    }
  };

  private static final List<String> VENV = List.of("python3", "-m", "venv", ".");

  /**
   * How a client is installed.
   *
   * @param versions what differs where other versions are asked for
   * @param files by name, for the commands
   * @param commands in their order, in the folder of the files
   */
  record Installation(byte[] versions, Map<String, byte[]> files, List<List<String>> commands) {}

  /** The newest where {@code -Dconcert.clients.newest=true} asks for them, else the pinned. */
  static ClientVersions asked() {
    return Boolean.getBoolean("concert.clients.newest") ? NEWEST : PINNED;
  }

  abstract Installation npm(String client) throws IOException;

  abstract Installation python(String client) throws IOException;

  private static List<String> npmCommand(String verb) {
    return List.of("npm", verb, "--ignore-scripts", "--no-audit", "--no-fund");
  }

  private static List<String> pip(String... arguments) {
    return Stream.concat(
            Stream.of("bin/pip", "install", "--quiet", "--no-compile"), Stream.of(arguments))
        .toList();
  }

  private static byte[] source(String client, String file) throws IOException {
    return Files.readAllBytes(ClientProgram.source(client, file));
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String content) {
    return content.getBytes(StandardCharsets.UTF_8);
  }
}
