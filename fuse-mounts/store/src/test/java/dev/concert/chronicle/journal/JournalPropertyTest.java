package dev.concert.chronicle.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The journal against a map of what each path should have gone through. */
class JournalPropertyTest {

  private record Step(int what, String path, String other, int content) {}

  /** States of a path, oldest first; an empty string is a deletion. */
  private static final class Model {
    private final Map<String, List<String>> states = new HashMap<>();

    private boolean live(String path) {
      return states.containsKey(path) && !states.get(path).getLast().isEmpty();
    }

    void apply(Step step) {
      switch (step.what) {
        case 0 -> write(step.path, "h" + step.content);
        case 1 -> remove(step.path);
        case 2 -> rename(step.path, step.other);
        default -> exchange(step.path, step.other);
      }
    }

    private void write(String path, String hash) {
      List<String> known = states.computeIfAbsent(path, key -> new ArrayList<>());
      if (known.isEmpty() || !known.getLast().equals(hash)) {
        known.add(hash);
      }
    }

    private void remove(String path) {
      if (live(path)) {
        states.get(path).add("");
      }
    }

    private void rename(String from, String to) {
      if (from.equals(to)) {
        return;
      }
      if (!live(from)) {
        remove(to);
        return;
      }
      String hash = states.get(from).getLast();
      states.computeIfAbsent(to, key -> new ArrayList<>(states.get(from))).add(hash);
      states.get(from).add("");
    }

    /** Neither is below the other one. */
    private void exchange(String one, String other) {
      Map<String, String> before = new TreeMap<>();
      states.keySet().stream()
          .filter(path -> live(path) && (isIn(path, one) || isIn(path, other)))
          .forEach(path -> before.put(path, states.get(path).getLast()));
      Map<String, String> moved = new TreeMap<>();
      before.forEach((path, hash) -> moved.put(moved(path, one, other), path));
      moved.forEach((path, from) -> arrive(path, from, before));
      before.keySet().stream().filter(path -> !moved.containsKey(path)).forEach(this::remove);
    }

    private static boolean isIn(String path, String folder) {
      return path.equals(folder) || path.startsWith(folder + "/");
    }

    private static String moved(String path, String one, String other) {
      return isIn(path, one)
          ? other + path.substring(one.length())
          : one + path.substring(other.length());
    }

    /** A new path goes on from the history of the one that had the content. */
    private void arrive(String path, String from, Map<String, String> before) {
      if (before.containsKey(path)) {
        write(path, before.get(from));
      } else {
        states.computeIfAbsent(path, _ -> new ArrayList<>(states.get(from))).add(before.get(from));
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> paths = Arbitraries.of("a", "b", "c", "d/a", "d/b", "e/a", "e/c");
    return Combinators.combine(
            Arbitraries.of(0, 0, 1, 2, 2, 3), paths, paths, Arbitraries.integers().between(0, 3))
        .as(JournalPropertyTest::step)
        .list()
        .ofMaxSize(25);
  }

  /** Every other exchange is one of folders. */
  private static Step step(int what, String path, String other, int content) {
    return what == 3 && content % 2 == 0
        ? new Step(what, "d", "e", content)
        : new Step(what, path, other, content);
  }

  @Property(tries = 60)
  void every_path_went_through_what_the_model_says(@ForAll("steps") List<Step> steps) {
    Path folder = temporary();
    try {
      check(steps, folder.resolve("chronicle.db"));
    } finally {
      delete(folder);
    }
  }

  private static void check(List<Step> steps, Path file) {
    Model model = new Model();
    List<Iteration> heard = new ArrayList<>();
    try (Journal journal = Journal.open(file, InstantSource.system(), heard::addAll)) {
      for (Step step : steps) {
        journal.enter(entry(step));
        model.apply(step);
      }
      check(journal.history(), model, heard);
    }
    try (Journal again = Journal.open(file, InstantSource.system(), heard::addAll)) {
      check(again.history(), model, heard);
    }
  }

  private static Entry entry(Step step) {
    return switch (step.what) {
      case 0 ->
          new Entry.Written(
              step.path,
              Kind.FILE,
              0644,
              new Blob("h" + step.content, 1),
              new Signature(1, step.content, 1));
      case 1 -> new Entry.Removed(step.path);
      case 2 -> new Entry.Renamed(step.path, step.other);
      default -> new Entry.Exchanged(step.path, step.other);
    };
  }

  private static void check(History history, Model model, List<Iteration> heard) {
    model.states.forEach(
        (path, states) -> {
          List<Iteration> found = history.of(path);
          assertThat(found).extracting(Iteration::hash).isEqualTo(states);
          assertThat(found.stream().mapToLong(Iteration::number))
              .containsExactlyElementsOf(counting(states.size()));
          assertThat(history.live(path).isPresent()).isEqualTo(model.live(path));
        });
    assertThat(new TreeMap<>(history.liveBelow("d")).keySet())
        .allMatch(path -> path.startsWith("d/") && model.live(path));
    assertThat(history.since(0, 1000)).isEqualTo(heard);
    assertThat(heard.stream().mapToLong(Iteration::sequence))
        .containsExactlyElementsOf(counting(heard.size()));
    assertThat(history.latest()).isEqualTo(heard.size());
  }

  private static List<Long> counting(long to) {
    return LongStream.rangeClosed(1, to).boxed().toList();
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("journal");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
