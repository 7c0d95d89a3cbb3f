package dev.concert.coordinator.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How an agent's command line becomes one that is shut in. Pure; thread-safe. */
public sealed interface Sandbox permits Bubblewrap, PlainProcess {

  /** Name for events and answers: {@code bubblewrap} or {@code process}. */
  String name();

  /**
   * Whether each agent is a user of its own on the host, which its workspace and its sockets then
   * have to belong to.
   */
  boolean givesUsers();

  /** What keeps agents less apart from this host than it should, as parts of sentences. */
  List<String> missing();

  /** Whether the agent has a network of its own, which only the forwarded ports lead out of. */
  boolean isolatesNetwork();

  /** The command to run on the host for this agent. */
  List<String> command(LaunchSpec launch);

  /** The folder to run that command in. */
  Path folder(LaunchSpec launch);

  /** What that command reads from its standard input, at most 4 KiB; the agent reads none of it. */
  byte[] input();

  /** The environment of that command. */
  Map<String, String> environment(LaunchSpec launch);
}
