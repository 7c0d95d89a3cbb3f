package dev.concert.chronicle.magic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.bus.Json;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.History;
import dev.concert.chronicle.iteration.Iteration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Answers what a magic path leads to. Thread-safe; blocks. */
final class MagicTree {
  private static final int MOMENTS = 4;

  private final Supplier<History> history;

  /** The key is the moment and the history's length: the past changes while it is still written. */
  private final Cache<List<Long>, PastTree<Iteration>> moments =
      Caffeine.newBuilder().maximumSize(MOMENTS).executor(Runnable::run).build();

  private final Cache<Long, PastTree<Boolean>> known =
      Caffeine.newBuilder().maximumSize(1).executor(Runnable::run).build();

  /**
   * @param history with everything that happened before it is asked for
   */
  MagicTree(Supplier<History> history) {
    this.history = history;
  }

  /** Empty where nothing is there. */
  Optional<Node> find(String path) {
    return MagicPath.of(path)
        .flatMap(
            asked ->
                switch (asked) {
                  case MagicPath.Top top -> Optional.of(new Node.Folder(Set.of("at", "query")));
                  case MagicPath.Versions versions -> Optional.of(new Node.Folder(Set.of()));
                  case MagicPath.Query query -> everKnown(query.path(), this::json);
                  case MagicPath.Numbered numbered ->
                      everKnown(numbered.path(), file -> version(file, numbered.number()));
                  case MagicPath.Moment moment -> at(moment);
                });
  }

  private Optional<Node> everKnown(String path, Function<String, Optional<Node>> file) {
    History past = history.get();
    PastTree<Boolean> all =
        known.get(
            past.latest(),
            now ->
                new PastTree<>(past.paths().stream().collect(Collectors.toMap(p -> p, p -> true))));
    return all.folder(path).<Node>map(Node.Folder::new).or(() -> file.apply(path));
  }

  private Optional<Node> json(String path) {
    List<Iteration> iterations = history.get().of(path);
    if (iterations.isEmpty()) {
      return Optional.empty();
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Iteration iteration : iterations) {
      ObjectNode node =
          array
              .addObject()
              .put("iteration", iteration.number())
              .put("timestamp", iteration.timestamp())
              .put("size", iteration.size())
              .put("hash", iteration.hash())
              .put("change", iteration.change().wireName());
      iteration.from().ifPresent(from -> node.put("from", from));
    }
    try {
      byte[] text = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(array);
      return Optional.of(new Node.Text(text, iterations.getLast().timestamp()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Numbers and texts are JSON", e);
    }
  }

  private Optional<Node> version(String path, long number) {
    return history
        .get()
        .at(path, number)
        .filter(iteration -> iteration.change() != Change.DELETED)
        .map(Node.Version::new);
  }

  private Optional<Node> at(MagicPath.Moment moment) {
    History past = history.get();
    PastTree<Iteration> tree =
        moments.get(
            List.of(moment.millis(), past.latest()),
            key -> new PastTree<>(past.at(moment.millis())));
    return tree.folder(moment.path())
        .<Node>map(Node.Folder::new)
        .or(() -> tree.file(moment.path()).map(Node.Version::new));
  }
}
