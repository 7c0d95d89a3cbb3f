package dev.concert.coordinator.process;

import dev.concert.coordinator.config.ResourceLimits;

/** The limit for which an agent was ended. */
public enum ResourceOverrun {
  MEMORY,
  PROCESSES;

  /** The rest of a sentence that begins with "The agent was ended because it". */
  public String inWords(ResourceLimits limits) {
    return switch (this) {
      case MEMORY -> "used more than its %s of memory%s".formatted(limits.memory(), more("memory"));
      case PROCESSES ->
          "had more than %d processes%s".formatted(limits.processes(), more("processes"));
    };
  }

  private static String more(String key) {
    return "; if it needs more, raise `resources.%s` in its agent.json, or `coordinator.resources.%s`"
            .formatted(key, key)
        + " in the configuration for all agents";
  }
}
