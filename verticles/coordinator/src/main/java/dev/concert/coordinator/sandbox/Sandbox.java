package dev.concert.coordinator.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How an agent's command line becomes one that is shut in. Pure; thread-safe. */
public sealed interface Sandbox permits Bubblewrap, PlainProcess {

  /** Name for events and answers: {@code bubblewrap} or {@code process}. */
  String name();

  /** The command to run on the host for this agent. */
  List<String> command(AgentLaunch launch);

  /** The folder to run that command in. */
  Path folder(AgentLaunch launch);

  /** The environment of that command. */
  Map<String, String> environment(AgentLaunch launch);
}
