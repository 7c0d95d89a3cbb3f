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
 */
public record PlainProcess(Optional<String> setsid) implements Sandbox {

  @Override
  public String name() {
    return "process";
  }

  @Override
  public List<String> command(AgentLaunch launch) {
    List<String> command = new ArrayList<>();
    setsid.ifPresent(command::add);
    command.addAll(launch.command());
    return command;
  }

  @Override
  public Path folder(AgentLaunch launch) {
    return launch.workspace();
  }

  @Override
  public Map<String, String> environment(AgentLaunch launch) {
    String scratch = launch.scratch().toString();
    return launch.environment(scratch, scratch);
  }
}
