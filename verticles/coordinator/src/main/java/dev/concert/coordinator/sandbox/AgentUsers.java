package dev.concert.coordinator.sandbox;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/**
 * Which user of the host each agent is. An instance keeps its user, written down in its folder, for
 * as long as it exists. Where there are more instances than users, two share one, but never run at
 * the same time.
 *
 * <p>Thread-safe. {@link #take} touches files: not for event loops.
 */
public final class AgentUsers {
  private static final String FILE = "user";

  private final Optional<UserRange> range;
  private final Path instances;

  /** How many instances have each user of the range. */
  private final FutureTask<int[]> known = new FutureTask<>(this::readAll);

  private final Map<Path, Integer> running = new HashMap<>();

  private AgentUsers(Optional<UserRange> range, Path instances) {
    this.range = range;
    this.instances = instances;
  }

  /** Every agent is a user of its own; only root can start it. Reads the folders meanwhile. */
  public static AgentUsers of(UserRange range, Path instances) {
    AgentUsers users = new AgentUsers(Optional.of(range), instances);
    Thread.ofVirtual().name("podium-agent-users").start(users.known);
    return users;
  }

  /** Every agent is the user of this process. */
  public static AgentUsers own() {
    return new AgentUsers(Optional.empty(), Path.of("/"));
  }

  /**
   * The user of an instance from now on until {@link #release}. Asking again answers the same.
   *
   * @param instanceFolder exists
   * @return empty where agents have no user of their own
   * @throws ConcertException when every user of the range has a running agent
   */
  public OptionalInt take(Path instanceFolder) throws IOException {
    if (range.isEmpty()) {
      return OptionalInt.empty();
    }
    int[] instancesOf = known();
    OptionalInt before = read(instanceFolder);
    int user;
    // Writes outside of the lock: an event loop releases.
    synchronized (this) {
      Integer taken = running.get(instanceFolder);
      if (taken != null) {
        return OptionalInt.of(taken);
      }
      user = choose(before, instancesOf);
      running.put(instanceFolder, user);
    }
    if (before.isEmpty() || before.getAsInt() != user) {
      AtomicFile.replace(
          instanceFolder.resolve(FILE), Integer.toString(user).getBytes(StandardCharsets.US_ASCII));
    }
    return OptionalInt.of(user);
  }

  /** The agent of an instance is gone: another one may be its user. */
  public synchronized void release(Path instanceFolder) {
    running.remove(instanceFolder);
  }

  /**
   * The instance is deleted and its folder about to go: its user is free for another one. Touches
   * files.
   */
  public void forget(Path instanceFolder) throws IOException {
    if (range.isEmpty()) {
      return;
    }
    int[] instancesOf = known();
    OptionalInt user = read(instanceFolder);
    if (Files.deleteIfExists(instanceFolder.resolve(FILE)) && user.isPresent()) {
      synchronized (this) {
        instancesOf[user.getAsInt() - range.orElseThrow().first()]--;
      }
    }
  }

  private int choose(OptionalInt before, int[] instancesOf) {
    if (before.isPresent() && !running.containsValue(before.getAsInt())) {
      return before.getAsInt();
    }
    int first = range.orElseThrow().first();
    int index = idle(instancesOf);
    before.ifPresent(other -> instancesOf[other - first]--);
    instancesOf[index]++;
    return first + index;
  }

  /** A user that no agent is now: if there is one, of no other instance. */
  private int idle(int[] instancesOf) {
    UserRange users = range.orElseThrow();
    return IntStream.range(0, users.count())
        .filter(index -> !running.containsValue(users.first() + index))
        .boxed()
        .min(Comparator.comparingInt(index -> Math.min(1, instancesOf[index])))
        .orElseThrow(AgentUsers::noneLeft);
  }

  private static ConcertException noneLeft() {
    return new ConcertException(
        ErrorCode.PODIUM_UNAVAILABLE,
        "This host has no user left for another agent. Stop an agent, or raise"
            + " coordinator.agentUsers.");
  }

  private int[] known() throws IOException {
    try {
      return known.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the users of agents were read", e);
    }
  }

  private int[] readAll() throws IOException {
    int[] found = new int[range.orElseThrow().count()];
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(instances, Files::isDirectory)) {
      for (Path folder : folders) {
        read(folder).ifPresent(user -> found[user - range.orElseThrow().first()]++);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  /** Empty as well where it is none of this range: then the instance gets another one. */
  private OptionalInt read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      int user = Integer.parseInt(Files.readString(file).strip());
      return range.orElseThrow().contains(user) ? OptionalInt.of(user) : OptionalInt.empty();
    } catch (NoSuchFileException | NumberFormatException noneOrDamaged) {
      return OptionalInt.empty();
    }
  }
}
