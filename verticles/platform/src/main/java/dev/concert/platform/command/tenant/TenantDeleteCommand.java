package dev.concert.platform.command.tenant;

import dev.concert.gateway.tenant.DeletionOrders;
import dev.concert.platform.PlatformException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert tenant delete}. */
@Command(
    name = "delete",
    description =
        "Deletes a tenant with everything in it. A running server does so within seconds, else the"
            + " next start.",
    mixinStandardHelpOptions = true)
final class TenantDeleteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TenantsOptions place;

  @Parameters(paramLabel = "NAME", description = "Name of the tenant.")
  private String id;

  @Option(
      names = "--confirm",
      required = true,
      paramLabel = "NAME",
      description = "The name once more, since nothing brings a deleted tenant back.")
  private String confirm;

  @Override
  public Integer call() throws Exception {
    if (!confirm.equals(id)) {
      throw new PlatformException("--confirm must be '%s'.".formatted(id));
    }
    if (place.use(tenants -> tenants.find(id)).isEmpty()) {
      throw new PlatformException("There is no tenant '%s'.".formatted(id));
    }
    new DeletionOrders(place.folder()).add(id);
    spec.commandLine().getOut().printf("Tenant %s will be deleted.%n", id);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
