package dev.concert.automations.trigger;

import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.automation.RepositoryFilter;
import dev.concert.automations.schedule.Schedules;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Whether an event of a repository is one that an automation waits for. Pure. */
final class RepositoryMatch {
  private RepositoryMatch() {}

  /** All but whether its sender may write. */
  static boolean matches(RepositoryFilter filter, RepositoryActivity event) {
    return isNamed(filter, event)
        && isOne(filter.allRepositories(), lower(event.fullName()))
        && hasLabel(filter.allLabels(), event)
        && isOne(filter.allBranches(), event.branch());
  }

  private static boolean isNamed(RepositoryFilter filter, RepositoryActivity event) {
    return filter.events().contains(event.type())
        || filter.events().contains(event.type() + "." + event.action());
  }

  private static boolean hasLabel(List<String> wanted, RepositoryActivity event) {
    List<String> found = event.label().isEmpty() ? event.labels() : List.of(event.label());
    return wanted.isEmpty()
        || found.stream().anyMatch(label -> wanted.stream().anyMatch(label::equalsIgnoreCase));
  }

  private static boolean isOne(List<String> globs, String name) {
    return globs.isEmpty()
        || !name.isEmpty()
            && globs.stream()
                .anyMatch(
                    glob ->
                        Schedules.glob(glob).matches(Path.of(name))
                            || Schedules.glob(lower(glob)).matches(Path.of(name)));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
