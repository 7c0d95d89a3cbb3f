package dev.concert.platform.command;

import dev.concert.error.ConcertException;
import dev.concert.gateway.billing.CreditService;
import dev.concert.platform.PlatformException;
import dev.concert.platform.server.DataPlace;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert credit}. */
@Command(
    name = "credit",
    description = "Adds credit to a tenant. A running server needs no restart.",
    mixinStandardHelpOptions = true)
final class CreditCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TENANT", description = "The id of the tenant.")
  private String tenant;

  @Parameters(paramLabel = "AMOUNT", description = "US dollars, for example 25 or 12.50.")
  private String amount;

  @Option(
      names = "--key",
      required = true,
      description =
          "Names this payment, for example the number of its invoice. The same key again adds"
              + " nothing.")
  private String key;

  @Option(
      names = "--data",
      defaultValue = DataPlace.SHOWN,
      description = "Data folder of the server (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Override
  public Integer call() {
    Path tenants = data.resolve("tenants");
    if (!tenant.matches("[A-Za-z0-9._-]{1,64}")
        || !Files.isRegularFile(tenants.resolve(tenant).resolve("registry.db"))) {
      throw new PlatformException("There is no tenant '" + tenant + "' in " + data + ".");
    }
    Vertx vertx = Vertx.vertx();
    try {
      String balance = CreditService.topUp(vertx, tenants, tenant, amount, key).await();
      spec.commandLine().getOut().printf("The balance of %s is %s USD.%n", tenant, balance);
      spec.commandLine().getOut().flush();
      return 0;
    } catch (ConcertException refused) {
      throw new PlatformException(refused.getMessage());
    } finally {
      vertx.close().await();
    }
  }
}
