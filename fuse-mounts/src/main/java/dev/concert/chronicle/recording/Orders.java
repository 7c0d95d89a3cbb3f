package dev.concert.chronicle.recording;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** What is outstanding of a workspace, at most one order for each path. Thread-safe. */
final class Orders {
  private final ConcurrentNavigableMap<String, Order> byPath = new ConcurrentSkipListMap<>();
  private final Map<Long, Order> byInode = new ConcurrentHashMap<>();

  /** Answers with the order that another name of the same file had. */
  Optional<Order> add(Order order) {
    byPath.put(order.path(), order);
    return Optional.ofNullable(byInode.put(order.inode(), order));
  }

  void remove(Order order) {
    byPath.remove(order.path(), order);
    byInode.remove(order.inode(), order);
  }

  Optional<Order> of(long inode) {
    return Optional.ofNullable(byInode.get(inode));
  }

  /** At a path or below it; the root is the empty path. */
  Collection<Order> below(String path) {
    if (byPath.isEmpty()) {
      return List.of();
    }
    if (path.isEmpty()) {
      return byPath.values();
    }
    List<Order> found = new ArrayList<>(byPath.subMap(path + "/", path + "0").values());
    Optional.ofNullable(byPath.get(path)).ifPresent(found::add);
    return found;
  }
}
