package dev.concert.platform.command.tenant;

import dev.concert.gateway.tenant.Tenant;
import dev.concert.gateway.tenant.Tenants;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert tenant list}. */
@Command(
    name = "list",
    description = "Lists the tenants, one a line.",
    mixinStandardHelpOptions = true)
final class TenantListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TenantsOptions place;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<Tenant> tenants = place.use(Tenants::list);
    if (tenants.isEmpty()) {
      out.println("There are no tenants. `concert tenant create NAME --owner EMAIL` creates one.");
    }
    for (Tenant tenant : tenants) {
      out.printf(
          "%s  %s  %s%s%n",
          tenant.id(),
          Instant.ofEpochMilli(tenant.createdAt()),
          tenant.name(),
          tenant.deleting() ? "  (is being deleted)" : "");
    }
    out.flush();
    return 0;
  }
}
