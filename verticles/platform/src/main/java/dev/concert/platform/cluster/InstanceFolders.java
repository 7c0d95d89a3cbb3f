package dev.concert.platform.cluster;

import dev.concert.bus.BusNode;
import dev.concert.bus.Service;
import dev.concert.foundation.files.PrivateFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What this node owns: an instance, and its workspace, when the instance's folder is on its disk.
 * Thread-safe.
 */
final class InstanceFolders implements BusNode.Ownership {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private final Vertx vertx;
  private final Path instances;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  InstanceFolders(Vertx vertx, Path instances) {
    this.vertx = vertx;
    this.instances = instances;
  }

  @Override
  public Future<Boolean> owns(Service service, String key) {
    // A key of another form is refused by who serves it, with a sentence.
    return service == Service.NODE || !isId(key) ? Future.succeededFuture(true) : has(key);
  }

  /** Whether the folder of an instance is here. */
  Future<Boolean> has(String key) {
    if (known.contains(key)) {
      return Future.succeededFuture(true);
    }
    if (!isId(key)) {
      return Future.succeededFuture(false);
    }
    return vertx
        .executeBlocking(() -> Files.isDirectory(instances.resolve(key)), false)
        .onSuccess(
            here -> {
              if (here) {
                known.add(key);
              }
            });
  }

  private static boolean isId(String key) {
    return key != null && ID.matcher(key).matches();
  }

  /** Makes the folder of an instance: from now on it is this node's. */
  Future<Void> claim(String key) {
    return isId(key)
        ? vertx.executeBlocking(() -> create(key), false)
        : Future.failedFuture(new IllegalArgumentException("No instance has this id"));
  }

  private Void create(String key) throws IOException {
    PrivateFiles.createDirectories(instances.resolve(key));
    known.add(key);
    return null;
  }
}
