package dev.concert.coordinator.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * No sandbox: an ordinary process of the coordinator's user, in a session of its own so that all of
 * it can be found and killed. It sees the whole host.
 *
 * @param setsid path of {@code setsid}, where the host has it
 * @param why there is no sandbox, as part of a sentence
 */
public record PlainProcess(Optional<String> setsid, String why) implements Sandbox {

  @Override
  public String name() {
    return "process";
  }

  @Override
  public boolean givesUsers() {
    return false;
  }

  @Override
  public List<String> missing() {
    return List.of("agents run without a sandbox and see this whole host, because " + why);
  }

  @Override
  public boolean isolatesNetwork() {
    return false;
  }

  @Override
  public List<String> command(LaunchSpec launch) {
    List<String> command = new ArrayList<>();
    setsid.ifPresent(command::add);
    command.addAll(launch.command());
    return command;
  }

  @Override
  public Path folder(LaunchSpec launch) {
    return launch.workspace();
  }

  @Override
  public byte[] input() {
    return new byte[0];
  }

  @Override
  public Map<String, String> environment(LaunchSpec launch) {
    String temp = launch.temp().toString();
    return launch.environment(temp, temp);
  }
}
