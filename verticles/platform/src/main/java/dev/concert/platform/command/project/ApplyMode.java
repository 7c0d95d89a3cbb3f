package dev.concert.platform.command.project;

/** Whether an agent's changes are brought into the user's folder. */
public enum ApplyMode {
  /** The user sees them and is asked. */
  ASK,
  AUTO,
  NEVER
}
