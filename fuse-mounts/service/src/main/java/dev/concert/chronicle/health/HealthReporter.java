package dev.concert.chronicle.health;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Reports for each workspace when a problem begins, changes and ends. It repeats a lasting problem
 * now and then, and its end a few times, because a listener may miss an event. For one thread at a
 * time.
 */
public final class HealthReporter {
  private static final int AGAIN_AFTER = 5;
  private static final int END_REPORTS = 3;

  /** The last report of a workspace that has or lately had a problem. */
  private record Reported(Optional<HealthProblem> problem, int looks) {}

  private final BiConsumer<String, Optional<HealthProblem>> listener;
  private final Map<String, Reported> reported = new HashMap<>();

  /**
   * @param listener gets a workspace's id and what is wrong, or that nothing is any more
   */
  public HealthReporter(BiConsumer<String, Optional<HealthProblem>> listener) {
    this.listener = listener;
  }

  /**
   * To be called every few seconds.
   *
   * @param troubled what is wrong with those workspaces with which something is
   */
  public void look(Map<String, HealthProblem> troubled) {
    Set<String> all = new HashSet<>(reported.keySet());
    all.addAll(troubled.keySet());
    List<Runnable> news = new ArrayList<>();
    for (String id : all) {
      Optional<HealthProblem> now = Optional.ofNullable(troubled.get(id));
      Reported before = reported.getOrDefault(id, new Reported(Optional.empty(), END_REPORTS));
      boolean changed = !before.problem().equals(now);
      int looks = changed ? 0 : before.looks() + 1;
      if (now.isEmpty() && looks >= END_REPORTS) {
        reported.remove(id);
        continue;
      }
      reported.put(id, new Reported(now, looks));
      if (now.isEmpty() || looks % AGAIN_AFTER == 0) {
        news.add(() -> listener.accept(id, now));
      }
    }
    news.forEach(Runnable::run);
  }
}
