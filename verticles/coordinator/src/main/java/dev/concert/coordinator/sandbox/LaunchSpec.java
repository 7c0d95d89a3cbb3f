package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One process that is to be started in a sandbox: an agent, or a check of what an agent did.
 *
 * @param instanceId whose process it is
 * @param agentType type it was asked for as
 * @param runtime the Python that is there
 * @param command what runs in the sandbox
 * @param readable folders the agent reads: its own and the SDK's
 * @param sdk value of {@code PYTHONPATH}
 * @param workspace the agent's files, and its working folder
 * @param socket what it connects to
 * @param temp existing private folder for {@code HOME} and {@code TMPDIR}, where the sandbox has
 *     none of its own; it goes with the process
 * @param scratchBytes size of each of {@code /tmp} and {@code HOME} where the sandbox has its own
 * @param ports the only ways from the sandbox to a network
 * @param user the host's user that the agent is, where it has one of its own
 * @param variables what the agent's environment has besides, such as {@code HTTP_PROXY}; none of
 *     them may be a secret
 * @param toolchains of the developer, for the project's own tools
 */
public record LaunchSpec(
    String instanceId,
    String agentType,
    PythonRuntime runtime,
    List<String> command,
    List<Path> readable,
    Path sdk,
    Path workspace,
    Path socket,
    Path temp,
    long scratchBytes,
    List<ForwardedPort> ports,
    OptionalInt user,
    Map<String, String> variables,
    Toolchains toolchains) {

  public LaunchSpec {
    command = List.copyOf(command);
    ports = List.copyOf(ports);
    variables = Map.copyOf(variables);
  }

  /**
   * Gives the agent's user the sockets that it connects to. Touches files.
   *
   * @throws IOException when one of them is not there
   */
  public void giveSockets() throws IOException {
    if (user.isPresent()) {
      give(socket);
      for (ForwardedPort port : ports) {
        give(port.socket());
      }
    }
  }

  private void give(Path file) throws IOException {
    Files.setAttribute(file, "unix:gid", user.orElseThrow());
    Files.setAttribute(file, "unix:uid", user.orElseThrow());
  }

  /**
   * The whole environment of the agent; it holds no secret.
   *
   * @param home value of {@code HOME}
   * @param temporary value of {@code TMPDIR}
   */
  Map<String, String> environment(String home, String temporary) {
    Map<String, String> environment = new LinkedHashMap<>(toolchains.variables());
    environment.putAll(variables);
    environment.put("CONCERT_IPC_SOCKET", socket.toString());
    environment.put("AGENT_WORKSPACE", workspace.toString());
    environment.put("CONCERT_AGENT_TYPE", agentType);
    environment.put("PATH", path());
    environment.put("HOME", home);
    environment.put("TMPDIR", temporary);
    environment.put("LANG", "C.UTF-8");
    environment.put("PYTHONPATH", sdk.toString());
    environment.put("PYTHONUNBUFFERED", "1");
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    return environment;
  }

  private String path() {
    List<String> folders = new ArrayList<>();
    toolchains.programs().forEach(folder -> folders.add(folder.toString()));
    folders.add(runtime.executable().getParent().toString());
    folders.addAll(List.of("/usr/local/bin", "/usr/bin", "/bin"));
    return String.join(":", folders);
  }
}
