package dev.concert.platform.command.tenant;

import dev.concert.error.ConcertException;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.platform.PlatformException;
import dev.concert.platform.server.DataPlace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The option of all {@code tenant} commands: where the tenants are stored. */
final class TenantsOptions {
  private static final int TIMEOUT_SECONDS = 60;

  @Option(
      names = "--data",
      defaultValue = DataPlace.SHOWN,
      description = "Data folder of the server (default: ${DEFAULT-VALUE}).")
  private Path data;

  /** The folder with one folder for each tenant. */
  Path folder() {
    return data.resolve("tenants");
  }

  /**
   * Works with the tenants, and waits.
   *
   * @throws PlatformException for what a user can put right
   */
  <T> T use(Function<Tenants, Future<T>> work) throws Exception {
    Vertx vertx = Vertx.vertx();
    Registries registries = new Registries(vertx, folder());
    try {
      return get(work.apply(new Tenants(registries)));
    } finally {
      get(registries.close());
      get(vertx.close());
    }
  }

  private static <T> T get(Future<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ConcertException refusal) {
        throw new PlatformException(refusal.getMessage());
      }
      throw e;
    }
  }
}
