package dev.concert.platform.command.tenant;

import dev.concert.gateway.tenant.Tenant;
import dev.concert.platform.PlatformException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert tenant create}. */
@Command(
    name = "create",
    description = "Creates a tenant and the seat of its first owner.",
    mixinStandardHelpOptions = true)
final class TenantCreateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TenantsOptions place;

  @Parameters(
      paramLabel = "NAME",
      description = "Name of the tenant, as the tenant claim of its members' tokens says it.")
  private String id;

  @Option(
      names = "--owner",
      required = true,
      paramLabel = "EMAIL",
      description = "Whoever first signs in with this verified e-mail becomes the owner.")
  private String owner;

  @Option(names = "--title", description = "Name for people (default: NAME).")
  private String title;

  @Override
  public Integer call() throws Exception {
    if (owner.indexOf('@') < 1 || owner.endsWith("@")) {
      throw new PlatformException("--owner must be an e-mail address.");
    }
    Tenant tenant =
        place.use(tenants -> tenants.create(id, Optional.ofNullable(title).orElse(id), owner));
    spec.commandLine()
        .getOut()
        .printf(
            "Tenant %s is created. Its owner is who first signs in as %s, with this e-mail verified"
                + " and the tenant %s in the token.%n",
            tenant.id(), owner, tenant.id());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
