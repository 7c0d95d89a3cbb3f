package dev.concert.chronicle.trouble;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Tells of each workspace when trouble begins, changes and is over. What goes on is told again now
 * and then, and its end a few times, since who is told may miss some of it. For one thread at a
 * time.
 */
public final class TroubleWatch {
  private static final int AGAIN_AFTER = 5;
  private static final int END_TOLD = 3;

  /** What is known of a workspace that is or lately was in trouble. */
  private record Told(Optional<Trouble> trouble, int looks) {}

  private final BiConsumer<String, Optional<Trouble>> listener;
  private final Map<String, Told> told = new HashMap<>();

  /**
   * @param listener gets a workspace's id and what is wrong, or that nothing is any more
   */
  public TroubleWatch(BiConsumer<String, Optional<Trouble>> listener) {
    this.listener = listener;
  }

  /**
   * To be called every few seconds.
   *
   * @param troubled what is wrong with those workspaces with which something is
   */
  public void look(Map<String, Trouble> troubled) {
    Set<String> all = new HashSet<>(told.keySet());
    all.addAll(troubled.keySet());
    List<Runnable> news = new ArrayList<>();
    for (String id : all) {
      Optional<Trouble> now = Optional.ofNullable(troubled.get(id));
      Told before = told.getOrDefault(id, new Told(Optional.empty(), END_TOLD));
      boolean changed = !before.trouble().equals(now);
      int looks = changed ? 0 : before.looks() + 1;
      if (now.isEmpty() && looks >= END_TOLD) {
        told.remove(id);
        continue;
      }
      told.put(id, new Told(now, looks));
      if (now.isEmpty() || looks % AGAIN_AFTER == 0) {
        news.add(() -> listener.accept(id, now));
      }
    }
    news.forEach(Runnable::run);
  }
}
