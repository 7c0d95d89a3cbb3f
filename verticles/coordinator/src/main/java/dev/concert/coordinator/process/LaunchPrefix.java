package dev.concert.coordinator.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes before the command of an agent, so that its limits hold before its first instruction: a
 * shell enters the control group, limits itself, and becomes the command.
 */
final class LaunchPrefix {
  /**
   * The host's own limit holds where it is lower. No core files: they would fill the workspace. The
   * host that runs out of memory ends an agent rather than the server.
   */
  private static final String SCRIPT =
      """
      files=$1; groups=$2; shift 2
      while [ "$groups" -gt 0 ]; do
        echo $$ > "$1" || exit 125
        shift; groups=$((groups - 1))
      done
      ulimit -c 0
      ulimit -n "$files" 2>/dev/null || :
      { echo 500 > /proc/self/oom_score_adj; } 2>/dev/null || :
      exec "$@"
      """;

  private LaunchPrefix() {}

  /**
   * The whole command.
   *
   * @param entrances files to each of which the process writes its id
   */
  static List<String> before(List<String> command, List<Path> entrances, int openFiles) {
    List<String> whole =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                SCRIPT,
                "limits",
                Integer.toString(openFiles),
                Integer.toString(entrances.size())));
    entrances.forEach(entrance -> whole.add(entrance.toString()));
    whole.addAll(command);
    return whole;
  }
}
