package dev.concert.chronicle.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.journal.History;
import dev.concert.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds what a path below {@code .chronicle} leads to. Thread-safe; blocks. */
final class HistoryTree {
  private static final int MOMENTS = 4;

  private final Supplier<History> history;

  /** The key is the moment and the history's length: the past changes while it is still written. */
  private final Cache<List<Long>, PastTree<Iteration>> moments =
      Caffeine.newBuilder().maximumSize(MOMENTS).executor(Runnable::run).build();

  private final Cache<Long, PastTree<Boolean>> known =
      Caffeine.newBuilder().maximumSize(1).executor(Runnable::run).build();

  /**
   * @param history returns the history with everything that happened before the call
   */
  HistoryTree(Supplier<History> history) {
    this.history = history;
  }

  /** Empty if nothing is there. */
  Optional<HistoryNode> find(String path) {
    return HistoryPath.of(path)
        .flatMap(
            asked ->
                switch (asked) {
                  case HistoryPath.Top top ->
                      Optional.of(new HistoryNode.Folder(Set.of("at", "query")));
                  case HistoryPath.Versions versions ->
                      Optional.of(new HistoryNode.Folder(Set.of()));
                  case HistoryPath.Query query -> everKnown(query.path(), this::json);
                  case HistoryPath.Numbered numbered ->
                      everKnown(numbered.path(), file -> version(file, numbered.number()));
                  case HistoryPath.Moment moment -> at(moment);
                });
  }

  private Optional<HistoryNode> everKnown(
      String path, Function<String, Optional<HistoryNode>> file) {
    History past = history.get();
    PastTree<Boolean> all =
        known.get(
            past.latest(),
            now ->
                new PastTree<>(past.paths().stream().collect(Collectors.toMap(p -> p, p -> true))));
    return all.folder(path).<HistoryNode>map(HistoryNode.Folder::new).or(() -> file.apply(path));
  }

  private Optional<HistoryNode> json(String path) {
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
      return Optional.of(new HistoryNode.Text(text, iterations.getLast().timestamp()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Numbers and texts are JSON", e);
    }
  }

  private Optional<HistoryNode> version(String path, long number) {
    return history
        .get()
        .at(path, number)
        .filter(iteration -> iteration.change() != Change.DELETED)
        .map(HistoryNode.Version::new);
  }

  private Optional<HistoryNode> at(HistoryPath.Moment moment) {
    History past = history.get();
    PastTree<Iteration> tree =
        moments.get(
            List.of(moment.millis(), past.latest()),
            key -> new PastTree<>(past.at(moment.millis())));
    return tree.folder(moment.path())
        .<HistoryNode>map(HistoryNode.Folder::new)
        .or(() -> tree.file(moment.path()).map(HistoryNode.Version::new));
  }
}
