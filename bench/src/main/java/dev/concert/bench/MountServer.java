package dev.concert.bench;

import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.chronicle.service.ChronicleVerticle;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.Mount;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Chronicle alone, with one workspace mounted. Prints where, then answers each line it gets with
 * the number of iterations that there are once everything written before is recorded; ends when its
 * input ends.
 */
public final class MountServer {
  private static final String WORKSPACE = "bench";

  private MountServer() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Vertx vertx = Vertx.vertx();
    BusCodecs.register(vertx);
    await(
        vertx.deployVerticle(
            new ChronicleVerticle(
                new ChronicleOptions(
                    folder.resolve("instances"),
                    folder.resolve("cas"),
                    ChronicleOptions.Mode.FUSE)),
            ChronicleVerticle.deployment()));
    ConcertBus bus = new ConcertBus(vertx);
    Duration timeout = Duration.ofMinutes(10);
    String place =
        await(bus.request(Addresses.MOUNT_WORKSPACE, new Mount(WORKSPACE), timeout)).place();
    System.out.println(folder.resolve("instances").resolve(place));
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (input.readLine() != null) {
      System.out.println(
          await(
                  bus.request(
                      Addresses.CHANGES_SINCE,
                      new ChangesSince(WORKSPACE, Long.MAX_VALUE - 1),
                      timeout))
              .latest());
    }
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
  }
}
