package dev.concert.gateway.session;

import dev.concert.protocol.EventCodec;
import dev.concert.protocol.SessionEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Events of a turn that wait for another one, by the id that both have: questions for their answer,
 * calls of tools for their result. An agent may begin any number; the latest stay, so that what a
 * client gets when it joins has a bound. The others are in the session's events.
 */
final class OpenItems {
  /** So many stay. */
  static final int MOST = 200;

  /** And so many characters of JSON; the latest item stays whatever its size. */
  static final int MAX_CHARACTERS = 1 << 20;

  private record Item(SessionEvent event, int characters) {}

  private final Map<String, Item> items = new LinkedHashMap<>();
  private long characters;

  void add(String id, SessionEvent event) {
    remove(id);
    Item item = new Item(event, EventCodec.encode(event).length());
    items.put(id, item);
    characters += item.characters();
    while (items.size() > 1 && (items.size() > MOST || characters > MAX_CHARACTERS)) {
      remove(items.keySet().iterator().next());
    }
  }

  void remove(String id) {
    Item gone = items.remove(id);
    if (gone != null) {
      characters -= gone.characters();
    }
  }

  Optional<SessionEvent> find(String id) {
    return Optional.ofNullable(items.get(id)).map(Item::event);
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** Oldest first. */
  List<SessionEvent> all() {
    return items.values().stream().map(Item::event).toList();
  }
}
