package dev.concert.coordinator.instance;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.CheckOutcome;
import dev.concert.podium.PodiumMessages.DeleteInstance;
import dev.concert.podium.PodiumMessages.RunCheck;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs checks of what agents did, each on a copy of a workspace that was made for it and whose id
 * says so. A few at a time, as agents start. Belongs to one event loop.
 */
public final class Checks {
  private static final Logger LOG = LoggerFactory.getLogger(Checks.class);
  private static final String PREFIX = "check_";
  private static final Pattern ID = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{1,120}");
  private static final int MAX_COMMAND = 10_000;
  private static final int MAX_SECONDS = 1800;
  private static final int AT_ONCE = 64;

  private final InstanceServices services;
  private final Instances instances;
  private final Set<String> running = new HashSet<>();

  public Checks(InstanceServices services, Instances instances) {
    this.services = services;
    this.instances = instances;
  }

  /** Runs one command. A second one on the same copy is refused while the first runs. */
  public Future<CheckOutcome> run(RunCheck request) {
    String id = request.instanceId();
    if (id == null || !ID.matcher(id).matches()) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "A check runs only on a copy whose id begins with 'check_'.");
    }
    if (request.command() == null
        || request.command().isBlank()
        || request.command().length() > MAX_COMMAND
        || request.command().indexOf('\0') >= 0) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "A check needs a command of at most 10000 characters.");
    }
    if (request.timeoutSeconds() < 1 || request.timeoutSeconds() > MAX_SECONDS) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "The timeout of a check is from 1 to 1800 seconds.");
    }
    if (running.size() >= AT_ONCE || !running.add(id)) {
      throw new ConcertException(
          ErrorCode.PODIUM_UNAVAILABLE, "Too many checks run here. Try it again later.");
    }
    return new CheckRun(services, request).run().onComplete(_ -> running.remove(id));
  }

  /** Removes the copies that checks of an earlier process left. Does not fail. */
  public Future<Void> removeLeftCopies() {
    return services
        .workers()
        .executeBlocking(this::leftCopies, false)
        .compose(
            left ->
                Future.join(
                    left.stream().map(id -> instances.delete(new DeleteInstance(id))).toList()))
        .onFailure(failure -> LOG.warn("Copies of earlier checks may be left over", failure))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private List<String> leftCopies() throws IOException {
    try (Stream<Path> folders = Files.list(services.options().instances())) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> ID.matcher(name).matches())
          .toList();
    }
  }
}
